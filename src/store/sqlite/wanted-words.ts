import type { Query } from '../contract.ts';
import type { Words } from './words.ts';

type Subject = Pick<Query, 'clientId' | 'sensor' | 'id'>;

/** By number of a stream or a shape: 1 where the query asks for it. */
export interface Wanted {
  readonly streams: Uint8Array;
  readonly shapes: Uint8Array;
  /** There may be a reading that matches. */
  readonly any: boolean;
}

/** Which words of a segment a query asks for. The last answer is kept, for the next page of the same query. */
export class WantedWords {
  #segment = 0;
  #subject: Subject = { clientId: '' };
  #wanted: Wanted = { streams: new Uint8Array(), shapes: new Uint8Array(), any: false };

  of(segment: number, words: Words, subject: Subject): Wanted {
    const sameWords =
      segment === this.#segment &&
      words.streams.length === this.#wanted.streams.length &&
      words.shapes.length === this.#wanted.shapes.length;
    if (sameWords && isSame(subject, this.#subject)) return this.#wanted;
    const streams = Uint8Array.from(words.streams, (stream) => (stream?.[0] === subject.clientId ? 1 : 0));
    const shapes = Uint8Array.from(words.shapes, (shape) =>
      (subject.sensor === undefined || shape?.[0] === subject.sensor) &&
      (subject.id === undefined || shape?.[1] === subject.id)
        ? 1
        : 0,
    );
    this.#segment = segment;
    this.#subject = subject;
    this.#wanted = { streams, shapes, any: streams.includes(1) && shapes.includes(1) };
    return this.#wanted;
  }
}

function isSame(one: Subject, other: Subject): boolean {
  return one.clientId === other.clientId && one.sensor === other.sensor && one.id === other.id;
}
