import { z } from 'zod';

/**
 * What telemetryctl needs of the API's answers, docs/api.md. More members are let through, so that an older telemetryctl works with a newer
 * server.
 */
const reading = z.record(z.string(), z.union([z.string(), z.number()]));

export const unit = z.looseObject({
  client_id: z.string(),
  name: z.string(),
  state: z.string(),
  v: z.number(),
  ip: z.string(),
  port: z.number(),
  interval: z.looseObject({
    confirmed: z.number(),
    wanted: z.number(),
    rev: z.number(),
    state: z.string(),
    tries: z.number(),
  }),
  registered: z.iso.datetime(),
  last_seen: z.iso.datetime(),
  clock_offset_ms: z.number().nullable(),
  latest: z.record(z.string(), z.array(reading)),
});

export const units = z.array(unit);

export const problem = z.looseObject({ type: z.string(), detail: z.string() });

export const readingEvent = z
  .looseObject({
    time: z.iso.datetime(),
    unit: z.string(),
    client_id: z.string(),
    sensor: z.string(),
    id: z.string().optional(),
    epoch: z.string().optional(),
    seq: z.number().optional(),
    taken: z.number(),
    source: z.string().optional(),
  })
  .transform(({ time, unit, client_id: clientId, sensor, id, epoch, seq, taken, source, ...rest }) => {
    const values = Object.fromEntries(
      Object.entries(rest).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : [])),
    );
    return {
      timeMs: Date.parse(time),
      unit,
      clientId,
      reading: { time: taken, epoch, seq, sensor, id, source, values },
    };
  });

export const droppedEvent = z.looseObject({ count: z.number() });

export type Unit = z.infer<typeof unit>;
