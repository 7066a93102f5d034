import { workerData } from 'node:worker_threads';
import { unreachable } from '../../core/assert.ts';
import type { ReaderReply, ReaderRequest } from './messages.ts';
import { Reader } from './reader.ts';
import { serve } from './serve.ts';

/** Where this thread's work begins: the folder comes with it. */
const reader = new Reader(String(workerData));

serve<ReaderRequest, ReaderReply>({
  answer(request) {
    switch (request.type) {
      case 'page':
        return { type: 'page', page: reader.page(request.query, request.cursor) };
      case 'gaps':
        return { type: 'gaps', gaps: reader.gaps(request) };
      case 'close':
        reader.close();
        return { type: 'closed' };
      default:
        return unreachable(request);
    }
  },
  afterwards: () => undefined,
  ended: ({ type }) => type === 'close',
});
