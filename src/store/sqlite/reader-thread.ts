import { workerData } from 'node:worker_threads';
import { assert } from '../../core/assert.ts';
import { answerReader } from './answer-reader.ts';
import type { ReaderReply, ReaderRequest } from './messages.ts';
import { Reader, type ReaderOptions } from './reader.ts';
import { serve } from './serve.ts';

/** Where this thread's work begins: its options come with it. */
const options: unknown = workerData;
assert(isOptions(options), 'this module is the start of a thread, which begins with its options');
const reader = new Reader(options);

serve<ReaderRequest, ReaderReply>(
  {
    answer: (request) => answerReader(reader, request),
    afterwards: () => undefined,
    ended: ({ type }) => type === 'close',
  },
  options.wakeCell,
);

function isOptions(value: unknown): value is ReaderOptions {
  return typeof value === 'object' && value !== null && 'folder' in value && 'windowReadings' in value;
}
