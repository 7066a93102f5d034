import { answerWriter } from '../../src/store/sqlite/answer-writer.ts';
import type { Failed, WriterReply, WriterRequest } from '../../src/store/sqlite/messages.ts';
import type { Answering } from '../../src/store/sqlite/thread.ts';
import { Writer } from '../../src/store/sqlite/writer.ts';
import type { Disk } from './disk.ts';
import type { Ending, Process } from './process.ts';
import type { Stage } from './stage.ts';
import { writes } from './writes.ts';

type Reply = Exclude<WriterReply, Failed>;

export interface WriterThreadOptions {
  readonly stage: Stage;
  readonly disk: Disk;
  readonly process: Process;
  /** A batch is on the disk, whatever the program is told of it. */
  readonly committed: () => void;
}

interface Job {
  readonly request: WriterRequest;
  readonly settle: (outcome: () => Reply) => void;
}

/** What a request other than a commit takes, and the way of an answer. */
const shortMs = { from: 0, to: 5 };
/** Statements of a commit, as a rule: begin, segment, words, blocks, units, commit. */
const statementsMax = 7;
/** Of a step of the background work: begin, series, chunks, what is deleted, commit. */
const stepStatementsMax = 24;

/** The thread that writes the store, in this one: the store's own writer, on a disk that may be slow, full, or gone before it has answered. */
export class WriterThread implements Answering<WriterRequest, WriterReply> {
  readonly runs = true;
  readonly #stage: Stage;
  readonly #disk: Disk;
  readonly #process: Process;
  readonly #committed: () => void;
  readonly #writer: Writer;
  readonly #jobs: Job[] = [];
  #current: Job | undefined;
  /** The current job has been begun, and cannot be begun again. */
  #begun = false;

  constructor({ stage, disk, process, committed }: WriterThreadOptions) {
    this.#committed = committed;
    this.#stage = stage;
    this.#disk = disk;
    this.#process = process;
    const open = disk.database.open.bind(disk.database);
    const { folder } = disk;
    // So that a seal takes some commits, of the few units that there are.
    this.#writer = new Writer({ folder, retentionMs: {}, budgetBytes: undefined, sealedUnitsMax: 1, open });
    process.onEnd((way) => {
      this.#died(way);
    });
  }

  request(request: WriterRequest): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => Reply): void => {
        try {
          resolve(outcome());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.#jobs.push({ request, settle });
      this.#next();
    });
  }

  ended(): Promise<void> {
    return Promise.resolve();
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const job = this.#jobs.shift();
    if (job === undefined) return;
    this.#current = job;
    this.#begun = false;
    const work = (): void => {
      if (this.#process.alive) this.#work(job);
    };
    const { random, timeline } = this.#stage;
    if (job.request.type === 'append') this.#disk.work(work);
    else timeline.after(random.between(shortMs.from, shortMs.to), work);
  }

  #work({ request, settle }: Job): void {
    const { random, timeline } = this.#stage;
    const outcome = this.#begin(request);
    if (!this.#process.alive) return;
    timeline.after(random.between(shortMs.from, shortMs.to), () => {
      this.#process.run(() => {
        this.#current = undefined;
        settle(outcome);
        this.#writer.checkpoint();
        this.#next();
      });
    });
  }

  /** Does what is asked; the result answers it, or throws. */
  #begin(request: WriterRequest): () => Reply {
    this.#begun = true;
    const { database } = this.#disk;
    database.count();
    database.mishap = this.#disk.mishap(request.type, request.type === 'append' ? statementsMax : stepStatementsMax);
    database.committed = request.type === 'append' ? this.#committed : undefined;
    let outcome: () => Reply;
    try {
      const reply = this.#answer(request);
      outcome = () => reply;
    } catch (error) {
      outcome = () => {
        throw error;
      };
    }
    database.mishap = undefined;
    database.committed = undefined;
    return outcome;
  }

  #answer(request: WriterRequest): Reply {
    const reply = answerWriter(this.#writer, request);
    if (reply.type === 'chunked') this.#stage.record(`${request.type} ${reply.done ? 'done' : 'refused'}`);
    // Another step would wait for a turn of the loop, which there is none of in virtual time: the next one comes in a minute.
    return reply.type === 'retained' ? { ...reply, step: { ...reply.step, more: false } } : reply;
  }

  /** What the thread was about when the program ended is done, or is not. */
  #died(way: Ending): void {
    const job = this.#current;
    if (job !== undefined && writes.has(job.request.type) && !this.#begun && this.#stage.random.chance(0.5))
      this.#begin(job.request);
    if (way === 'power') this.#disk.database.losePower();
    else this.#disk.database.crash();
  }
}
