import { signal, type ReadonlySignal } from '@preact/signals';
import { wordsOf } from './problem-words.ts';
import { heed } from './stranger.ts';

/** What the server has said. `fault`: the latest question failed, and `value` is from before, `atMs` by this machine's clock. */
export type Answer<Value> =
  | { readonly name: 'asking' }
  | { readonly name: 'answered'; readonly value: Value; readonly atMs: number; readonly fault: string | undefined }
  | { readonly name: 'failed'; readonly fault: string };

export interface AskedOptions<Value> {
  readonly load: (signal: AbortSignal) => Promise<Value>;
  readonly nowMs: () => number;
}

/** A question to the server that is asked again and again, one at a time; the last answer stays while there is no newer one. */
export class Asked<Value> {
  readonly #options: AskedOptions<Value>;
  readonly #answer = signal<Answer<Value>>({ name: 'asking' });
  readonly #ending = new AbortController();
  #underWay: Promise<void> | undefined;
  #again = false;

  constructor(options: AskedOptions<Value>) {
    this.#options = options;
  }

  get answer(): ReadonlySignal<Answer<Value>> {
    return this.#answer;
  }

  /** Asks, and once more where an answer is under way that may be from before a change. Never rejects. */
  ask(): Promise<void> {
    if (this.#underWay !== undefined) this.#again = true;
    return this.refresh();
  }

  /** Asks unless an answer is under way already. Never rejects. */
  refresh(): Promise<void> {
    if (this.#ending.signal.aborted) return Promise.resolve();
    this.#underWay ??= this.#askNow().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** What is under way is given up, and nothing changes any more. */
  end(): void {
    this.#ending.abort();
  }

  async #askNow(): Promise<void> {
    do {
      this.#again = false;
      const answer = await this.#once();
      if (this.#ending.signal.aborted) return;
      this.#answer.value = answer;
    } while (this.#again);
  }

  async #once(): Promise<Answer<Value>> {
    const { load, nowMs } = this.#options;
    try {
      const value = await load(this.#ending.signal);
      return { name: 'answered', value, atMs: nowMs(), fault: undefined };
    } catch (error) {
      if (!this.#ending.signal.aborted) heed(error);
      const fault = wordsOf(error);
      const former = this.#answer.value;
      return former.name === 'answered' ? { ...former, fault } : { name: 'failed', fault };
    }
  }
}
