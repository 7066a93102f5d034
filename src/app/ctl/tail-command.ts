import { setTimeout } from 'node:timers/promises';
import pRetry from 'p-retry';
import { backoffMs } from '../../core/backoff.ts';
import { prettyReadings } from '../../sinks/pretty-line.ts';
import type { ApiClient } from './api-client.ts';
import { eventsOf } from './event-connection.ts';
import { findUnit } from './find-unit.ts';
import type { Output } from './output.ts';
import type { Patience } from './patience.ts';
import { printableJson } from './printable-json.ts';
import type { ServerSentEvent } from './server-sent-events.ts';

export interface TailOptions {
  readonly name: string | undefined;
  readonly json: boolean;
}

/** `telemetryctl tail [NAME]`: follows until the user ends it, or nobody reads what it prints. */
export async function tail(
  api: ApiClient,
  output: Output,
  { name, json }: TailOptions,
  patience: Patience,
): Promise<0> {
  const { ended } = output;
  const answers = await import('./api-answers.ts');
  const query = new URLSearchParams({ events: 'reading' });
  if (name !== undefined) query.set('unit', (await findUnit(api, name)).client_id);
  const path = `api/v1/events?${query.toString()}`;

  let stream = await api.retry(() => api.stream(path, 'text/event-stream', ended));
  let failures = 0;
  while (!ended.aborted) {
    let reason = 'the server has ended the stream';
    failures += 1;
    try {
      for await (const events of eventsOf(stream, patience.silenceMsMax)) {
        if (events.length > 0) failures = 0;
        await output.print(events.map((event) => line(event)).join(''));
        if (ended.aborted) break;
      }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (ended.aborted) break;
    output.say(`lost ${api.url.href}: ${reason}; trying again.`);
    stream = await reconnect(failures);
    output.say("connected again; what was stored meanwhile is in the server's log.");
  }
  return 0;

  function line({ name: event, data }: ServerSentEvent): string {
    const content = jsonOf(data);
    if (event === 'dropped') {
      const { success, data: dropped } = answers.droppedEvent.safeParse(content);
      output.say(
        `${success ? dropped.count : 'some'} readings are left out here: they came faster than they were taken.`,
      );
      return '';
    }
    if (event !== 'reading') return '';
    const { success, data: reading } = answers.readingEvent.safeParse(content);
    if (!success) {
      output.say('an event of the stream is no reading; is the server as new as telemetryctl?');
      return '';
    }
    return json ? `${printableJson(content)}\n` : prettyReadings([reading], reading.timeMs, output.colour);
  }

  /** A server that lets everybody in and says nothing is asked no more often than one that is away. */
  async function reconnect(empty: number): Promise<ReadableStream<Uint8Array>> {
    const { reconnectFirstMs: firstMs, reconnectMsMax: maxMs } = patience;
    await setTimeout(backoffMs(empty, { firstMs, maxMs, random: Math.random }), undefined, { signal: ended });
    return pRetry(() => api.stream(path, 'text/event-stream', ended), {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: patience.reconnectFirstMs,
      maxTimeout: patience.reconnectMsMax,
      randomize: true,
      signal: ended,
    });
  }
}

function jsonOf(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    // The schema says that this is no reading.
    return undefined;
  }
}
