import { append } from '../core/short-list.ts';
import type { Frame } from '../framing/frame.ts';
import { failure, type FailureCode } from './failure.ts';
import type { ServerAction } from './server-contract.ts';

/** Of all connections that have none; never changed. */
const none: never[] = [];

/**
 * The answers of one connection, in the order of the frames that they answer (protocol 2). A place is taken when the frame
 * arrives; what the store decides is filled in later, oldest first, and nothing overtakes. Nearly always no answer waits for another, and then
 * open places are only counted.
 */
export class Answers {
  /** Known, with no open place before them. */
  #due: Frame[] = none;
  /** Open places behind those. */
  #open = 0;
  /** The first answer that is known and has to wait, and all places behind it; undefined in an open one. */
  #behind: (Frame | undefined)[] = none;

  /** Frames that have no answer yet. */
  get size(): number {
    return this.#due.length + this.#open + this.#behind.length;
  }

  add(answer: Frame): void {
    if (this.#open === 0) this.#due = append(this.#due, answer);
    else this.#behind = append(this.#behind, answer);
  }

  /** Takes a place for an answer that is not known yet. */
  await(): void {
    if (this.#behind.length === 0) this.#open += 1;
    else this.#behind.push(undefined);
  }

  /** Gives the oldest open place its answer. A place whose connection gave up on it may be gone. */
  settle(answer: Frame): void {
    if (this.#open === 0) return;
    this.#open -= 1;
    this.#due = append(this.#due, answer);
    if (this.#open === 0 && this.#behind.length > 0) this.#advance();
  }

  /** Drops every place from the oldest open one on: what stands there will never be answered. */
  giveUp(): void {
    this.#open = 0;
    this.#behind = none;
  }

  /** The next answer, where it is due: all before the oldest open place are. */
  next(): Frame | undefined {
    if (this.#due.length === 0) return undefined;
    const next = this.#due.shift();
    if (this.#due.length === 0) this.#due = none;
    return next;
  }

  /** No place is open before those behind: their first answers are due, and the open places after them are counted. */
  #advance(): void {
    const places = this.#behind;
    let at = 0;
    for (let answer = places[at]; answer !== undefined; answer = places[at]) {
      this.#due = append(this.#due, answer);
      at += 1;
    }
    while (at < places.length && places[at] === undefined) {
      this.#open += 1;
      at += 1;
    }
    this.#behind = at === places.length ? none : places.slice(at);
  }
}

/** Puts `!FAIL` in the place of an answer; the action is for the log. */
export function refuse(answers: Answers, code: FailureCode, words: string): ServerAction {
  answers.add(failure(code, words));
  return { type: 'refusal', code, words };
}
