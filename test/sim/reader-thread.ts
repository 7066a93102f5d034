import { answerReader } from '../../src/store/sqlite/answer-reader.ts';
import type { Failed, ReaderReply, ReaderRequest } from '../../src/store/sqlite/messages.ts';
import { Reader } from '../../src/store/sqlite/reader.ts';
import type { Answering } from '../../src/store/sqlite/thread.ts';
import type { Disk } from './disk.ts';
import type { Process } from './process.ts';
import type { Stage } from './stage.ts';

type Reply = Exclude<ReaderReply, Failed>;

/** What a request takes, and the way of an answer; now and then long enough for anything to happen in the midst of a move. */
const workMs = { from: 0, to: 8 };
const longMs = { from: 100, to: 500 };

/** Readings that are moved into chunks at a time: few, so that it happens in a world of some minutes. */
export const windowReadings = 96;
/** The same of chunks that are joined. */
const smallChunks = 3;

/** The thread that reads the store, in this one: the store's own reader and compactor. */
export class ReaderThread implements Answering<ReaderRequest, ReaderReply> {
  readonly runs = true;
  readonly #stage: Stage;
  readonly #process: Process;
  readonly #reader: Reader;
  #last: Promise<unknown> = Promise.resolve();

  constructor(stage: Stage, disk: Disk, process: Process) {
    this.#stage = stage;
    this.#process = process;
    const open = (): ReturnType<Disk['database']['openForReading']> => disk.database.openForReading();
    this.#reader = new Reader({ folder: disk.folder, windowReadings, smallChunks, open });
    process.onEnd(() => {
      this.#reader.close();
    });
  }

  request(request: ReaderRequest): Promise<Reply> {
    const reply = this.#last.then(() => this.#answer(request));
    this.#last = reply.catch(() => undefined);
    return reply;
  }

  ended(): Promise<void> {
    return Promise.resolve();
  }

  #answer(request: ReaderRequest): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { random, timeline } = this.#stage;
      const { from, to } = random.chance(0.05) ? longMs : workMs;
      timeline.after(random.between(from, to), () => {
        this.#process.run(() => {
          try {
            // As a message is: what the reader keeps is not what the store is given.
            resolve(structuredClone(answerReader(this.#reader, request)));
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      });
    });
  }
}
