import { workerData } from 'node:worker_threads';
import { assert } from '../../core/assert.ts';
import { answerWriter } from './answer-writer.ts';
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

serve<WriterRequest, WriterReply>(
  {
    answer(request) {
      if (request.type !== 'close') own();
      const reply = answerWriter(writer, request);
      if (request.type === 'close') disown?.();
      return reply;
    },
    afterwards: () => {
      writer.checkpoint();
    },
    ended: ({ type }) => type === 'close',
  },
  options.wakeCell,
);

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
