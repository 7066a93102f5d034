import { Worker } from 'node:worker_threads';
import { CodedError, type ErrorCode } from '../../core/coded-error.ts';
import type { StoreState } from '../../store/sqlite/check.ts';
import type { Compacted } from '../../store/sqlite/compact.ts';
import type { Salvaged } from '../../store/sqlite/salvage.ts';

/** What a thread does with the files of a store. */
export type StoreTask =
  | { readonly type: 'check'; readonly folder: string }
  | SalvageTask
  | { readonly type: 'backup'; readonly folder: string; readonly file: string }
  | { readonly type: 'compact'; readonly folder: string };

export interface SalvageTask {
  readonly type: 'salvage';
  readonly folder: string;
  readonly into: string;
  /** What is in `into` goes: it is left of a salvage that was killed. */
  readonly clears: boolean;
  /** No server may use `folder` until the caller is done, not only while it is read. */
  readonly holds: boolean;
}

interface Results {
  readonly check: StoreState;
  readonly salvage: Salvaged;
  readonly backup: { readonly bytes: number };
  readonly compact: Compacted;
}

export type StoreTaskReply =
  | { readonly type: 'done'; readonly result: Results[keyof Results] }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly words: string };

/**
 * Does the task in a thread of its own, and `use`s its result while the thread still holds what it holds. Early releases of Node.js 24 call node:sqlite an
 * experiment, on standard error, where it is loaded: in this thread they do not. Rejects with the thread's coded error, and when `signal` is aborted.
 */
export async function runStoreTask<Task extends StoreTask, Used>(
  task: Task,
  use: (result: Results[Task['type']]) => Used,
  signal: AbortSignal,
): Promise<Used> {
  signal.throwIfAborted();
  // Node.js runs this module from the source or from the build.
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./store-thread.${ending}`, import.meta.url), {
    workerData: task,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  try {
    const reply = await new Promise<StoreTaskReply>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('a thread of telemetryctl has ended before it was done')));
      signal.addEventListener('abort', () => reject(new Error('ended by the user')), { once: true });
    });
    if (reply.type === 'failed') throw new CodedError(reply.code, reply.words);
    const used = use(reply.result as Results[Task['type']]);
    // The thread makes durable what was done to its folders, and ends.
    worker.postMessage('used', []);
    await ended;
    return used;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}
