import { CodedError } from '../../core/coded-error.ts';
import type { ServerSentEvent } from './server-sent-events.ts';
import { EventStreamReader } from './server-sent-events.ts';

/**
 * The events of one stream, as many at a time as have arrived together. Ends with the stream; throws CodedError `api-silent` when not even a
 * heartbeat came for `silenceMsMax`. Time in which the caller is busy does not count.
 */
export async function* eventsOf(
  stream: ReadableStream<Uint8Array>,
  silenceMsMax: number,
): AsyncGenerator<readonly ServerSentEvent[]> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const events = new EventStreamReader();
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), silenceMsMax);
      if (done) return;
      yield events.read(decoder.decode(value, { stream: true }));
    }
  } finally {
    // The stream may have failed already, and has nothing left to release then.
    await reader.cancel().catch(() => {});
  }
}

async function within<Result>(waited: Promise<Result>, msMax: number): Promise<Result> {
  const silent = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    silent.reject(new CodedError('api-silent', `The server has said nothing for ${msMax / 1000} s.`));
  }, msMax);
  try {
    return await Promise.race([waited, silent.promise]);
  } finally {
    clearTimeout(timer);
  }
}
