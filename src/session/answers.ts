import type { Frame } from '../framing/frame.ts';
import { failure, type FailureCode } from './failure.ts';
import type { ServerAction } from './server-contract.ts';

/**
 * The answers of one connection, in the order of the frames that they answer (protocol 2). A place is taken when the frame
 * arrives; what the store decides is filled in later, oldest first, and nothing overtakes.
 */
export class Answers {
  /** Undefined: the store has not decided yet. */
  readonly #places: (Frame | undefined)[] = [];
  /** Index of the oldest open place. */
  #oldestOpen = 0;
  #open = 0;

  /** Frames that have no answer yet. */
  get size(): number {
    return this.#places.length;
  }

  add(answer: Frame): void {
    this.#places.push(answer);
  }

  /** Takes a place for an answer that is not known yet. */
  await(): void {
    if (this.#open === 0) this.#oldestOpen = this.#places.length;
    this.#places.push(undefined);
    this.#open += 1;
  }

  /** Gives the oldest open place its answer. A place whose connection gave up on it may be gone. */
  settle(answer: Frame): void {
    if (this.#open === 0) return;
    this.#places[this.#oldestOpen] = answer;
    this.#open -= 1;
    while (this.#open > 0 && this.#places[this.#oldestOpen] !== undefined) this.#oldestOpen += 1;
  }

  /** Drops every place from the oldest open one on: what stands there will never be answered. */
  giveUp(): void {
    if (this.#open > 0) this.#places.length = this.#oldestOpen;
    this.#open = 0;
  }

  /** The next answer, where it is due: all before the oldest open place are. */
  next(): Frame | undefined {
    if (this.#open === 0) return this.#places.shift();
    if (this.#oldestOpen === 0) return undefined;
    this.#oldestOpen -= 1;
    return this.#places.shift();
  }
}

/** Puts `!FAIL` in the place of an answer; the action is for the log. */
export function refuse(answers: Answers, code: FailureCode, words: string): ServerAction {
  answers.add(failure(code, words));
  return { type: 'refusal', code, words };
}
