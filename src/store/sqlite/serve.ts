import { parentPort } from 'node:worker_threads';
import { assert } from '../../core/assert.ts';
import { CodedError } from '../../core/coded-error.ts';
import type { Failed } from './messages.ts';

/** How a thread of the store answers: each request with one reply, in their order. */
export interface Service<Request, Reply> {
  answer(request: Request): Reply | Failed;
  /** Runs when the reply is on its way. */
  afterwards(): void;
  /** The last request was answered. */
  ended(request: Request): boolean;
}

/** Answers what the thread that made this one asks, and wakes it by `wakeCell` where it rests. A fault of our own ends the thread, with its stack. */
export function serve<Request, Reply>(service: Service<Request, Reply>, wakeCell: Int32Array | undefined): void {
  const port = parentPort;
  assert(port !== null, 'this module is the start of a thread');
  port.on('message', (request: Request) => {
    port.postMessage(answered(service, request));
    if (wakeCell !== undefined) {
      Atomics.add(wakeCell, 0, 1);
      Atomics.notify(wakeCell, 0);
    }
    service.afterwards();
    if (service.ended(request)) port.close();
  });
}

function answered<Request, Reply>(service: Service<Request, Reply>, request: Request): Reply | Failed {
  try {
    return service.answer(request);
  } catch (error) {
    if (error instanceof CodedError) return { type: 'failed', code: error.code, words: error.message };
    throw error;
  }
}
