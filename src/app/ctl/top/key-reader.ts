import type { TypedKeys } from '../terminal.ts';
import { beginningOfKey, keysOf, type Key } from './top-keys.ts';

/** The rest of a sequence comes at once, or it was the key Escape. */
const sequenceMsMax = 50;

export interface KeyReaderOptions {
  readonly pressed: (keys: readonly Key[]) => void;
  /** Nothing can be typed any more. */
  readonly gone: () => void;
}

/** The keys of a terminal as they are pressed, without Enter and without showing them. */
export class KeyReader {
  readonly #keyboard: TypedKeys;
  readonly #options: KeyReaderOptions;
  readonly #typed = (text: string): void => this.#take(text);
  #begun = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(keyboard: TypedKeys, options: KeyReaderOptions) {
    this.#keyboard = keyboard;
    this.#options = options;
  }

  start(): void {
    const { gone } = this.#options;
    this.#keyboard.setRawMode(true);
    this.#keyboard.setEncoding('utf8').on('data', this.#typed).on('end', gone).on('error', gone).resume();
  }

  /** The keyboard is as it was. */
  stop(): void {
    const { gone } = this.#options;
    clearTimeout(this.#timer);
    // Errors are heard of to the end: a terminal that has gone says so when its mode is set, too.
    this.#keyboard.off('data', this.#typed).off('end', gone).pause();
    this.#keyboard.setRawMode(false);
  }

  #take(text: string): void {
    clearTimeout(this.#timer);
    const typed = this.#begun + text;
    this.#begun = beginningOfKey(typed);
    const keys = keysOf(typed.slice(0, typed.length - this.#begun.length));
    if (this.#begun !== '') {
      this.#timer = setTimeout(() => {
        const alone = this.#begun;
        this.#begun = '';
        this.#options.pressed(keysOf(alone));
      }, sequenceMsMax);
    }
    if (keys.length > 0) this.#options.pressed(keys);
  }
}
