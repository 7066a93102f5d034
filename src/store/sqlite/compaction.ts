import { unreachable } from '../../core/assert.ts';
import type { Clock } from '../../core/clock.ts';
import type { CompactStep } from './chunks/compactor.ts';
import type { MovedWindow } from './chunks/move.ts';
import type { PackedSeries } from './chunks/packed-chunk.ts';
import type { ReaderReply, ReaderRequest, WriterReply, WriterRequest } from './messages.ts';
import { replyOf } from './reply-of.ts';
import type { Answering } from './thread.ts';

/** How often to look whether there is enough to move, and how soon after the start. */
const everyMs = 10_000;
const firstMs = 200;
/** After a failure, and where what was under way was taken from under it. */
const againMs = 60_000;
/** Chunks that are written in one transaction: a millisecond or two, and fewer pages than in many. */
const writtenMax = 256;

export interface CompactionOptions {
  readonly clock: Clock;
  readonly writer: Answering<WriterRequest, WriterReply>;
  readonly reader: Answering<ReaderRequest, ReaderReply>;
  /** Readings were moved; blocks among them that could not be read whole are set aside. */
  readonly moved: (window: MovedWindow) => void;
  /** Lets others have the loop between two steps. */
  readonly nextTurn: () => Promise<void>;
  /** It could not be done now; it is tried again in a minute. */
  readonly failed: (error: unknown) => void;
}

/** What came of a round: nothing is left to do, or it is to begin anew, or it was stopped. */
type Outcome = 'done' | 'anew' | 'stopped';

/**
 * Moves readings from blocks into chunks, and joins small chunks, in the background: the reader makes them, the writer stores them between two commits, in steps so short
 * that an acknowledgement does not wait for them.
 */
export class Compaction {
  readonly #options: CompactionOptions;
  #cancel: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: CompactionOptions) {
    this.#options = options;
  }

  /** Begins to look every few seconds. */
  start(): void {
    this.#waitFor(firstMs);
  }

  /** Resolves when the step in hand has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  /** Moves all that there is in sealed segments, however little it is. Rejects with the store's coded errors; true where all is done. */
  async runToEnd(): Promise<boolean> {
    return (await this.#round(true)) === 'done';
  }

  #waitFor(ms: number): void {
    this.#cancel = this.#options.clock.after(ms, () => {
      this.#running = this.#round(false)
        .catch((error: unknown): Outcome => {
          if (!this.#stopped) this.#options.failed(error);
          return 'anew';
        })
        .then((outcome) => {
          if (!this.#stopped) this.#waitFor(outcome === 'done' ? everyMs : againMs);
        });
    });
  }

  async #round(all: boolean): Promise<Outcome> {
    if (!(await this.#tidied())) return 'stopped';
    const outbox = new Outbox();
    let begins = true;
    while (!this.#stopped) {
      const nowMs = this.#options.clock.wallMs();
      const step: CompactStep = replyOf(
        await this.#options.reader.request({ type: 'compact', nowMs, all, begins }),
        'compacted',
      ).step;
      begins = false;
      switch (step.type) {
        case 'idle':
          return 'done';
        case 'working':
          break;
        case 'chunks':
          outbox.add(step);
          if (outbox.size >= writtenMax && !(await this.#write(outbox.take()))) return 'anew';
          break;
        case 'moved':
          if (outbox.size > 0 && !(await this.#write(outbox.take()))) return 'anew';
          if (!(await this.#write({ type: 'end-move', window: step.window }))) return 'anew';
          this.#options.moved(step.window);
          outbox.begin();
          if (!(await this.#tidied())) return 'stopped';
          break;
        case 'merge':
          if (!(await this.#write({ type: 'replace-chunks', merge: step.merge }))) return 'anew';
          break;
        default:
          unreachable(step);
      }
      await this.#options.nextTurn();
    }
    return 'stopped';
  }

  async #write(request: WriterRequest): Promise<boolean> {
    return replyOf(await this.#options.writer.request(request), 'chunked').done;
  }

  /** False where it was stopped. */
  async #tidied(): Promise<boolean> {
    while (!this.#stopped) {
      const { more } = replyOf(await this.#options.writer.request({ type: 'tidy' }), 'tidied');
      if (!more) return true;
      await this.#options.nextTurn();
    }
    return false;
  }
}

/** Chunks of a move that were made and not written. */
class Outbox {
  size = 0;
  #series: PackedSeries[] = [];
  #storedMs = 0;
  #begins = true;

  add({ series, storedMs }: { readonly series: readonly PackedSeries[]; readonly storedMs: number }): void {
    for (const one of series) {
      this.#series.push(one);
      this.size += one.chunks.length;
    }
    this.#storedMs = storedMs;
  }

  take(): WriterRequest {
    const request = { begins: this.#begins, storedMs: this.#storedMs, series: this.#series };
    this.#begins = false;
    this.#series = [];
    this.size = 0;
    return { type: 'add-chunks', ...request };
  }

  /** What comes now is of another move. */
  begin(): void {
    this.#begins = true;
  }
}
