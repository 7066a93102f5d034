import { unreachable } from '../../core/assert.ts';
import type { Failed, WriterReply, WriterRequest } from './messages.ts';
import type { Writer } from './writer.ts';

/** What `writer` has to say to a request of the store. Throws the writer's coded errors. */
export function answerWriter(writer: Writer, request: WriterRequest): Exclude<WriterReply, Failed> {
  switch (request.type) {
    case 'open':
      writer.open();
      return { type: 'opened' };
    case 'append':
      return { type: 'written', written: writer.append(request.batch) };
    case 'units':
      return { type: 'units', records: writer.units() };
    case 'machines':
      return { type: 'machines', records: writer.machines() };
    case 'tokens':
      return { type: 'tokens', records: writer.tokens() };
    case 'highest':
      return { type: 'highest', seq: writer.highestSeq(request.clientId, request.epoch) };
    case 'last-known':
      return { type: 'last-known', known: writer.lastKnown() };
    case 'retain':
      return { type: 'retained', step: writer.retain(request.nowMs) };
    case 'tidy':
      return { type: 'tidied', more: writer.tidy() };
    case 'add-chunks':
      return { type: 'chunked', done: writer.addChunks(request) };
    case 'end-move':
      return { type: 'chunked', done: writer.endMove(request.window) };
    case 'replace-chunks':
      return { type: 'chunked', done: writer.replaceChunks(request.merge) };
    case 'close':
      writer.close();
      return { type: 'closed' };
    default:
      return unreachable(request);
  }
}
