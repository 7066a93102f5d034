import { workerData } from 'node:worker_threads';
import { assert, unreachable } from '../../core/assert.ts';
import type { WriterReply, WriterRequest } from './messages.ts';
import { ownStore } from './owner-lock.ts';
import { storeFault } from './faults.ts';
import { serve } from './serve.ts';
import { Writer, type WriterOptions } from './writer.ts';

/** Where this thread's work begins: its options come with it. */
const data: unknown = workerData;
assert(isOptions(data), 'the writer begins with its options');
const options = data;
const writer = new Writer(options);
let disown: (() => void) | undefined;

serve<WriterRequest, WriterReply>({
  answer(request) {
    if (request.type !== 'close') own();
    switch (request.type) {
      case 'open':
        writer.open();
        return { type: 'opened' };
      case 'append':
        return { type: 'written', written: writer.append(request.batch) };
      case 'units':
        return { type: 'units', records: writer.units() };
      case 'highest':
        return { type: 'highest', seq: writer.highestSeq(request.clientId, request.epoch) };
      case 'last-known':
        return { type: 'last-known', known: writer.lastKnown() };
      case 'retain':
        return { type: 'retained', step: writer.retain(request.nowMs) };
      case 'close':
        writer.close();
        disown?.();
        return { type: 'closed' };
      default:
        return unreachable(request);
    }
  },
  afterwards: () => {
    writer.checkpoint();
  },
  ended: ({ type }) => type === 'close',
});

function own(): void {
  try {
    disown ??= ownStore(options.folder);
  } catch (error) {
    throw storeFault(error, options.folder);
  }
}

function isOptions(value: unknown): value is WriterOptions {
  return typeof value === 'object' && value !== null && 'folder' in value && typeof value.folder === 'string';
}
