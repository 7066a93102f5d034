import { encodeFrames } from '../../src/framing/encoder.ts';
import type { ServerAction, ServerInput } from '../../src/session/server-contract.ts';
import { must } from './target.ts';

/** An answer that is due: the beginnings that it may have. `sure`: the session said that it took the frame. */
interface Due {
  readonly beginnings: readonly string[];
  readonly sure: boolean;
}

const registrationAnswers = ['!SUCC', '!AUTH', '!FAIL'];

/** Watches that a server's session answers its frames in their order, each once (protocol 2). */
export class AnswerOrder {
  #due: Due[] = [];
  /** What was answered, for the words of an outcome. */
  readonly answered: string[] = [];

  take(input: Pick<ServerInput, 'type'>, actions: readonly ServerAction[], command: string | undefined): void {
    const refuses = actions.some(({ type }) => type === 'refusal');
    // What waits for the store, or for a registration that fails, and all behind it, is never answered but by this.
    if (refuses && (input.type === 'store-failed' || input.type === 'refused')) this.#due = [];
    if (command === '!DISC') this.#due.push({ beginnings: ['!DISC: RECEIVED'], sure: false });
    for (const action of actions) this.#place(action);
    for (const action of actions) {
      if (action.type === 'send') this.#sent(action.frame.command + action.frame.data);
      if (action.type !== 'end') continue;
      must(!this.#due.some(({ sure }) => sure), 'a connection ends when all answers are out');
    }
  }

  #place(action: ServerAction): void {
    if (action.type === 'register' || action.type === 'prove')
      this.#due.push({ beginnings: registrationAnswers, sure: true });
    if (action.type === 'store' || action.type === 'store-v1')
      this.#due.push({ beginnings: ['!INFO: RECEIVED'], sure: true });
    if (action.type === 'refusal') this.#due.push({ beginnings: [`!FAIL${action.code} `], sure: true });
  }

  #sent(text: string): void {
    must(encodeFrames([{ command: text.slice(0, 5), data: text.slice(5), bare: false }]).length <= 256, 'a frame fits');
    if (text.startsWith('!UPDT')) return;
    this.answered.push(text.slice(0, 5));
    for (let due = this.#due.shift(); due !== undefined; due = this.#due.shift()) {
      if (due.beginnings.some((beginning) => text.startsWith(beginning))) return;
      must(!due.sure, `${due.beginnings.join(' or ')} is the next answer, and not ${text.slice(0, 40)}`);
    }
    must(false, `${text.slice(0, 40)} answers a frame`);
  }
}
