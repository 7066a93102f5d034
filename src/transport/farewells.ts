import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import type { Link, LinkEvents } from './link.ts';

/** At a time; each is a socket and some 4 KiB for a second at most. A newcomer beyond them is closed without a word, which costs no more than to accept it. */
const farewellsMax = 256;
/** The one timer of all of them: whoever has been there for two of its rounds is let go, so after `discardMsMax` at the latest. */
const roundMs = limits.discardMsMax / 2;
/** A client that was not let in has sent one `!RGTR` by then; whoever sends more is not waiting for an answer. */
const discardedBytesMax = 2 * limits.frameBytesMax;

/** Last words to connections that get no session: what they send is discarded for a moment, so that a reset does not swallow the words (protocol 8). */
export class Farewells {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #current = new Set<Farewell>();
  /** Those that were there when the round began. */
  #former = new Set<Farewell>();
  #timed = false;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /** How many are under way. */
  get size(): number {
    return this.#current.size + this.#former.size;
  }

  /** Sends `words` and half-closes; the link is closed once the peer does so too, or a second later. */
  say(link: Link, words: Uint8Array): void {
    if (this.size >= farewellsMax) {
      link.destroy();
      return;
    }
    const farewell = new Farewell(link, this);
    this.#current.add(farewell);
    link.listen(farewell);
    link.write(words);
    link.end();
    this.#time();
  }

  /** It is over, whichever way. */
  end(farewell: Farewell): void {
    this.#current.delete(farewell);
    this.#former.delete(farewell);
  }

  #time(): void {
    if (this.#timed) return;
    this.#timed = true;
    this.#clock.after(roundMs, () => {
      this.#timed = false;
      for (const farewell of this.#former) farewell.leave();
      this.#former = new Set(this.#current);
      this.#current.clear();
      if (this.size > 0) this.#time();
    });
  }
}

class Farewell implements LinkEvents {
  readonly #link: Link;
  readonly #farewells: Farewells;
  #discardedBytes = 0;

  constructor(link: Link, farewells: Farewells) {
    this.#link = link;
    this.#farewells = farewells;
  }

  data(bytes: Uint8Array): void {
    this.#discardedBytes += bytes.length;
    if (this.#discardedBytes > discardedBytesMax) this.leave();
  }

  drained(): void {
    // There was one write, and none follows.
  }

  ended(): void {
    this.leave();
  }

  closed(): void {
    this.#farewells.end(this);
  }

  leave(): void {
    this.#farewells.end(this);
    this.#link.destroy();
  }
}
