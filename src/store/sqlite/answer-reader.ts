import { unreachable } from '../../core/assert.ts';
import type { Failed, ReaderReply, ReaderRequest } from './messages.ts';
import type { Reader } from './reader.ts';

/** What `reader` has to say to a request of the store. Throws the reader's coded errors. */
export function answerReader(reader: Reader, request: ReaderRequest): Exclude<ReaderReply, Failed> {
  switch (request.type) {
    case 'page':
      return { type: 'page', page: reader.page(request.number, request.asked) };
    case 'end-query':
      reader.endQuery(request.number);
      return { type: 'query-ended' };
    case 'compact':
      return { type: 'compacted', step: reader.compact(request) };
    case 'gaps':
      return { type: 'gaps', gaps: reader.gaps(request) };
    case 'events':
      return { type: 'events', ...reader.events(request) };
    case 'close':
      reader.close();
      return { type: 'closed' };
    default:
      return unreachable(request);
  }
}
