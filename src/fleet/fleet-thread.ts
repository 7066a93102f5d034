import { parentPort, workerData } from 'node:worker_threads';
import { assert, unreachable } from '../core/assert.ts';
import type { ThreadData, ThreadReply, ThreadRequest } from './messages.ts';
import { ThreadLoad } from './thread-load.ts';

/** Where a thread of the fleet begins: what it is to do comes with it. */
const data: unknown = workerData;
assert(isThreadData(data), 'a thread of the fleet begins with its plan');
const load = new ThreadLoad({
  ...data,
  tell: (counts) => reply({ type: 'counts', counts }),
  tellRegistered: () => reply({ type: 'registered' }),
});

parentPort?.on('message', (request: ThreadRequest) => {
  switch (request.type) {
    case 'begin':
      return load.begin(request.startMs);
    case 'ledger':
      return reply({ type: 'ledger', lines: load.ledger() });
    case 'finish':
      return void load.finish(request.withinMs).then(() => {
        reply({ type: 'finished', counts: load.counts(), lines: load.ledger() });
        parentPort?.close();
      });
    default:
      return unreachable(request);
  }
});

function reply(message: ThreadReply): void {
  parentPort?.postMessage(message, []);
}

function isThreadData(value: unknown): value is ThreadData {
  return typeof value === 'object' && value !== null && 'plan' in value && 'thread' in value;
}
