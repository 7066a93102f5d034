import type { UnitReading } from '../core/reading.ts';
import type { HubEvent } from '../server/contract.ts';

/** A server-sent event, as the WHATWG's HTML standard has them: `id`, `event` and one line of `data`, which is JSON. */
export function serverSentEvent(id: number, name: string, data: unknown): string {
  return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The members of the log's line of that event. */
export function dataOfEvent({ timeMs, level, event, fields }: HubEvent): unknown {
  return { time: new Date(timeMs).toISOString(), level, event, ...fields };
}

/** The members of the log's `reading` line: `time` is when it was stored, `taken` the wire's `time`. `time` is RFC 3339. */
export function dataOfReading(time: string, { unit, clientId, reading }: UnitReading): unknown {
  const { sensor, id, epoch, seq, time: taken, source, values } = reading;
  return {
    time,
    level: 'info',
    event: 'reading',
    unit,
    client_id: clientId,
    sensor,
    id,
    epoch,
    seq,
    taken,
    source,
    ...values,
  };
}
