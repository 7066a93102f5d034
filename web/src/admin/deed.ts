import { signal, type ReadonlySignal } from '@preact/signals';
import { wordsOf } from './problem-words.ts';
import { heed } from './stranger.ts';

export type DeedState =
  | { readonly name: 'idle' }
  | { readonly name: 'under-way' }
  /** `error` is what the call rejected with. */
  | { readonly name: 'failed'; readonly reason: string; readonly error: unknown };

/** A change that somebody asks for: sent once, however often the button is pressed. */
export class Deed {
  readonly #state = signal<DeedState>({ name: 'idle' });

  get state(): ReadonlySignal<DeedState> {
    return this.#state;
  }

  /** Whether it is done: not where it failed, nor where it was under way already. Never rejects. */
  async run(act: () => Promise<unknown>): Promise<boolean> {
    if (this.#state.value.name === 'under-way') return false;
    this.#state.value = { name: 'under-way' };
    try {
      await act();
      this.#state.value = { name: 'idle' };
      return true;
    } catch (error) {
      heed(error);
      this.#state.value = { name: 'failed', reason: wordsOf(error), error };
      return false;
    }
  }
}
