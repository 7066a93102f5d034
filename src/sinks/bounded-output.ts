import type { Writable } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { formatEvent } from './line.ts';
import type { LineFormat } from './log-event.ts';
import type { LogOutput } from './log-output.ts';

export interface BoundedOutputOptions {
  readonly name: string;
  readonly format: LineFormat;
  readonly stream: Writable;
  /** Gives a stream in the place of one that has failed. Rejects where that is not yet possible. */
  readonly reopen: () => Promise<Writable>;
  /** A stream that is ours is ended by `close`; standard output is not. */
  readonly owned: boolean;
  readonly clock: Clock;
  /** Tells a person, on standard error, what the log itself cannot. */
  readonly complain: (text: string) => void;
  readonly limits?: HeldLimits;
}

/** What a stream may hold for a reader that is slower than we are, in the unit of `writableLength`. */
export interface HeldLimits {
  readonly readingsHeldMax: number;
  readonly eventsHeldMax: number;
}

/** Some 15,000 `reading` lines: a reader that pauses for a second loses nothing, one that hangs costs little memory. */
const heldLimits: HeldLimits = { readingsHeldMax: 4 * 1024 * 1024, eventsHeldMax: 8 * 1024 * 1024 };
/** More is not gathered for a stream that is busy: a file is rotated between pieces, and larger texts are a burden to the collector of garbage. */
const pieceLengthMin = 64 * 1024;
/** A full disk is not freed faster than this, and each try costs one failed line. */
const reopenMs = 5_000;
/** A failure so long after the one before it is another one, and is said again. */
const sameFailureMs = 60_000;

type State =
  | { readonly name: 'open'; readonly stream: Writable }
  | { readonly name: 'failed'; readonly cancelReopen: () => void }
  | { readonly name: 'reopening' }
  /** For good: its reader has gone, or it was closed. */
  | { readonly name: 'gone' };

/**
 * An output over a Node.js stream that never makes its writer wait. Streams take what they are given and hold it in memory for
 * a slow reader, so here is the bound: above it `reading` lines are dropped until the reader has caught up, then
 * `log-dropped` says how many; other events have a higher bound. A stream that fails is opened anew now and then.
 */
export class BoundedOutput implements LogOutput {
  readonly name: string;
  readonly format: LineFormat;
  readonly #options: BoundedOutputOptions;
  readonly #limits: HeldLimits;
  #state: State;
  #dropped = 0;
  /** Pieces that the stream has and has not written; a stream opened anew begins at none, whatever became of those of the one before. */
  #writing = { pieces: 0 };
  /** What came meanwhile, with its lines: one piece, where a stream that writes piece by piece would take a call of the system for each line. */
  #behind = '';
  #behindLines = 0;
  #failedMs = Number.NEGATIVE_INFINITY;
  #whenWritten: () => void = () => undefined;

  constructor(options: BoundedOutputOptions) {
    this.name = options.name;
    this.format = options.format;
    this.#options = options;
    this.#limits = options.limits ?? heldLimits;
    this.#state = { name: 'open', stream: options.stream };
    this.#watch(options.stream);
  }

  writeEvent(line: string): void {
    if (this.#held() + line.length <= this.#limits.eventsHeldMax) this.#write(line, 1);
    else this.#dropped += 1;
  }

  writeReadings(count: number, render: (format: LineFormat) => string): void {
    // Once one batch is dropped, all are until it is said: one gap that is told is better than many small ones.
    if (this.#dropped > 0 || this.#held() > this.#limits.readingsHeldMax) this.#dropped += count;
    else this.#write(render(this.format), count);
  }

  async close(withinMs: number): Promise<void> {
    this.#sayDropped();
    const state = this.#state;
    this.#state = { name: 'gone' };
    if (state.name === 'failed') state.cancelReopen();
    if (state.name !== 'open') return;
    this.#give(state.stream);
    await this.#finish(state.stream, withinMs);
  }

  /** How much the stream holds; nothing more fits where there is none. */
  #held(): number {
    if (this.#state.name !== 'open') return Number.POSITIVE_INFINITY;
    return this.#state.stream.writableLength + this.#behind.length;
  }

  #write(text: string, lineCount: number): void {
    const state = this.#state;
    if (state.name !== 'open') {
      this.#dropped += lineCount;
      return;
    }
    this.#behind += text;
    this.#behindLines += lineCount;
    if (this.#writing.pieces === 0 || this.#behind.length >= pieceLengthMin) this.#give(state.stream);
  }

  /** Gives the stream all that it has not been given yet. */
  #give(stream: Writable): void {
    const [text, lineCount, writing] = [this.#behind, this.#behindLines, this.#writing];
    if (lineCount === 0) return;
    this.#behind = '';
    this.#behindLines = 0;
    writing.pieces += 1;
    stream.write(text, (error) => {
      writing.pieces -= 1;
      if (error) this.#dropped += lineCount;
      else if (writing === this.#writing && writing.pieces === 0) this.#goOn(stream);
      if (writing.pieces === 0) this.#whenWritten();
    });
  }

  #goOn(stream: Writable): void {
    this.#give(stream);
    if (this.#held() <= this.#limits.readingsHeldMax / 2) this.#sayDropped();
  }

  #sayDropped(): void {
    const count = this.#dropped;
    if (count === 0 || this.#state.name !== 'open') return;
    this.#dropped = 0;
    const timeMs = this.#options.clock.wallMs();
    const fields = { count, output: this.name };
    // Where this line is lost as well, its count goes into the next one.
    this.#write(formatEvent({ timeMs, level: 'warn', event: 'log-dropped', fields }, this.format), count);
  }

  /** Stays for the stream's life: an error that nobody hears ends the program. */
  #watch(stream: Writable): void {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#state.name === 'open' && this.#state.stream === stream) this.#fail(error, stream);
    });
  }

  #fail(error: NodeJS.ErrnoException, stream: Writable): void {
    const { clock, complain } = this.#options;
    this.#dropped += this.#behindLines;
    this.#behind = '';
    this.#behindLines = 0;
    const nowMs = clock.monotonicMs();
    const isNew = nowMs - this.#failedMs > sameFailureMs;
    this.#failedMs = nowMs;
    if (error.code === 'EPIPE') {
      this.#state = { name: 'gone' };
      complain(`log to ${this.name}: its reader has gone; nothing more is written there`);
      return;
    }
    this.#state = { name: 'failed', cancelReopen: clock.after(reopenMs, () => void this.#reopen(stream)) };
    if (isNew)
      complain(`log to ${this.name}: ${error.message}; its lines are dropped and counted until it works again`);
  }

  async #reopen(failed: Writable): Promise<void> {
    this.#state = { name: 'reopening' };
    try {
      const stream = await this.#options.reopen();
      if (this.#isGone()) {
        if (this.#options.owned) stream.destroy();
        return;
      }
      if (stream !== failed) this.#watch(stream);
      this.#state = { name: 'open', stream };
      this.#writing = { pieces: 0 };
      this.#sayDropped();
    } catch (error) {
      if (!this.#isGone()) this.#fail(error instanceof Error ? error : new Error(String(error)), failed);
    }
  }

  /** It was closed, perhaps while something was awaited. */
  #isGone(): boolean {
    return this.#state.name === 'gone';
  }

  #finish(stream: Writable, withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(withinMs, () => {
        if (this.#options.owned) stream.destroy();
        resolve();
      });
      const done = (): void => {
        cancel();
        resolve();
      };
      if (this.#options.owned) stream.end(done);
      else if (this.#writing.pieces === 0) done();
      else this.#whenWritten = done;
    });
  }
}
