import type { ServerSentEvent } from './server-sent-events.ts';
import { EventStreamReader } from './server-sent-events.ts';
import { textOf } from './text-stream.ts';

/**
 * The events of one stream, as many at a time as have arrived together. Ends with the stream; throws CodedError `api-silent` when not even a
 * heartbeat came for `silenceMsMax`.
 */
export async function* eventsOf(
  stream: ReadableStream<Uint8Array>,
  silenceMsMax: number,
  eventCharactersMax?: number,
): AsyncGenerator<readonly ServerSentEvent[]> {
  const events = new EventStreamReader(eventCharactersMax);
  for await (const text of textOf(stream, silenceMsMax)) yield events.read(text);
}
