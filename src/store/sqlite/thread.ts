import { Worker, type Transferable } from 'node:worker_threads';
import { CodedError } from '../../core/coded-error.ts';
import type { Failed } from './messages.ts';

interface Waiting<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
}

/** Whoever answers requests in their order. */
export interface Answering<Request, Reply extends { readonly type: string }> {
  /** There is something to close. */
  readonly runs: boolean;
  /** The reply; rejects with a coded error. */
  request(request: Request, transfer?: readonly Transferable[]): Promise<Exclude<Reply, Failed>>;
  /** Resolves when it has ended, which a request that closes it makes it do. */
  ended(): Promise<void>;
}

export interface ThreadOptions {
  /** The module that the thread begins with, without its ending: it lies beside this one. */
  readonly start: 'writer-thread' | 'reader-thread';
  readonly workerData: unknown;
}

/**
 * A thread that answers requests in their order. It begins with the first request, and where it died (of a fault of our own, or for want of memory) the next
 * request begins another.
 */
export class Thread<Request, Reply extends { readonly type: string }> implements Answering<Request, Reply> {
  readonly #options: ThreadOptions;
  #worker: Worker | undefined;
  #waiting: Waiting<Reply>[] = [];
  #ended: Promise<void> = Promise.resolve();

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  get runs(): boolean {
    return this.#worker !== undefined;
  }

  /** Rejects with the thread's coded error, or with what it died of. */
  async request(request: Request, transfer: readonly Transferable[] = []): Promise<Exclude<Reply, Failed>> {
    const worker = this.#worker ?? this.#begin();
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      worker.postMessage(request, transfer);
    });
    if (isFailed(reply)) throw new CodedError(reply.code, reply.words);
    return reply as Exclude<Reply, Failed>;
  }

  ended(): Promise<void> {
    return this.#ended;
  }

  #begin(): Worker {
    // Node.js runs this module from the source or from the build.
    const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./${this.#options.start}.${ending}`, import.meta.url), {
      workerData: this.#options.workerData,
      // Early releases of Node.js 24 call node:sqlite an experiment; in this thread there is no other.
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // What a request makes is dropped with its answer: more room for it was 11 MiB more, and no less CPU.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    this.#worker = worker;
    let cause: unknown;
    worker.on('message', (reply: Reply) => this.#waiting.shift()?.resolve(reply));
    worker.on('error', (error: unknown) => {
      cause = error;
    });
    this.#ended = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#worker = undefined;
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const { reject } of waiting)
          reject(cause ?? new Error('a thread of the store has ended before it answered'));
        resolve();
      });
    });
    return worker;
  }
}

function isFailed(reply: { readonly type: string }): reply is Failed {
  return reply.type === 'failed';
}
