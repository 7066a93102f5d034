import { CodedError } from '../../core/coded-error.ts';

export interface ServerSentEvent {
  readonly name: string;
  readonly data: string;
}

/** No event of the log's stream is near this; a server that sends no end of one is not ours. */
const usualCharactersMax = 1_048_576;

/** Reads a stream of server-sent events, cut anywhere, by the rules of the WHATWG's HTML standard. `id` and `retry` are not used here. */
export class EventStreamReader {
  #rest = '';
  /** So much of it has no end of a line: an event of megabytes comes in hundreds of pieces. */
  #searched = 0;
  #name = '';
  #data: string[] = [];
  #started = false;
  readonly #eventCharactersMax: number;

  constructor(eventCharactersMax = usualCharactersMax) {
    this.#eventCharactersMax = eventCharactersMax;
  }

  /** The events that end in `text`. Throws CodedError `api-not-telemetry` for an event that does not end. */
  read(text: string): readonly ServerSentEvent[] {
    this.#rest += text;
    if (!this.#started && this.#rest !== '') {
      this.#started = true;
      if (this.#rest.startsWith('\uFEFF')) this.#rest = this.#rest.slice(1);
    }
    const events: ServerSentEvent[] = [];
    let start = 0;
    for (;;) {
      const end = lineEnd(this.#rest, Math.max(start, this.#searched));
      if (end === undefined) break;
      const event = this.#line(this.#rest.slice(start, end.at));
      if (event !== undefined) events.push(event);
      start = end.next;
    }
    this.#rest = this.#rest.slice(start);
    // The last character may be half of an end.
    this.#searched = Math.max(0, this.#rest.length - 1);
    const held = this.#data.reduce((sum, line) => sum + line.length, this.#rest.length);
    if (held > this.#eventCharactersMax)
      throw new CodedError('api-not-telemetry', 'The event stream has an event without an end; is --api right?');
    return events;
  }

  #line(line: string): ServerSentEvent | undefined {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    if (field === 'data') this.#data.push(value);
    return undefined;
  }

  #dispatch(): ServerSentEvent | undefined {
    const event = { name: this.#name || 'message', data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    this.#name = '';
    this.#data = [];
    return isEmpty ? undefined : event;
  }
}

/** A line ends with LF, CR, or both; a CR at the very end may be half of both. */
function lineEnd(text: string, start: number): { readonly at: number; readonly next: number } | undefined {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\n') return { at, next: at + 1 };
    if (character !== '\r') continue;
    if (at + 1 === text.length) return undefined;
    return { at, next: text[at + 1] === '\n' ? at + 2 : at + 1 };
  }
  return undefined;
}
