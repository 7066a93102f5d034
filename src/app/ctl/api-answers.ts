import { z } from 'zod';

/**
 * What telemetryctl needs of the API's answers, docs/api.md. More members are let through, so that an older telemetryctl works with a newer
 * server.
 */
const reading = z.record(z.string(), z.union([z.string(), z.number()]));

const interval = z.looseObject({
  confirmed: z.number(),
  wanted: z.number(),
  rev: z.number(),
  state: z.string(),
  tries: z.number(),
});

export const unit = z.looseObject({
  client_id: z.string(),
  name: z.string(),
  state: z.string(),
  v: z.number(),
  ip: z.string(),
  port: z.number(),
  interval,
  registered: z.iso.datetime(),
  last_seen: z.iso.datetime(),
  clock_offset_ms: z.number().nullable(),
  // Servers before 0.2 have none.
  tags: z.record(z.string(), z.string()).default({}),
  latest: z.record(z.string(), z.array(reading)),
});

export const units = z.array(unit);

/** Values and when they were taken, docs/api.md: they have places instead of names, and a later server may know more of them. */
const figure = z.number().nullable();
const pairs = [figure, figure, figure, figure, figure, figure, figure, figure] as const;
const fleetValues = z.tuple([z.string(), z.number(), ...pairs, figure], z.unknown());
const fleetRow = z.looseObject({
  client_id: z.string(),
  name: z.string(),
  state: z.string(),
  v: z.number(),
  ip: z.string(),
  tags: z.record(z.string(), z.string()),
  interval,
  registered: z.iso.datetime(),
  clock_offset_ms: z.number().nullable(),
  fullest_disk: z.string().nullable(),
  values: fleetValues,
});
/** The overview. */
export const fleet = z.looseObject({ time: z.number(), units: z.array(fleetRow) });
export const fleetChanges = z.looseObject({
  time: z.number(),
  rows: z.array(fleetRow),
  values: z.array(fleetValues),
  gone: z.array(z.string()),
  events: z.array(z.looseObject({})),
});
/** The last hour of some units. */
const minutes = z.array(figure);
const trail = z.looseObject({ cpu_temp: minutes, ram: minutes, disk: minutes, cpu: minutes });
export const trails = z.looseObject({
  from: z.number(),
  step: z.number().positive(),
  units: z.record(z.string(), trail),
});
export const intervalsOutcome = z.looseObject({
  accepted: z.array(z.looseObject({ client_id: z.string(), interval })),
  refused: z.array(z.looseObject({ client_id: z.string(), problem: z.string(), detail: z.string() })),
});
/** What is put into a page as it is. */
export const list = z.array(z.looseObject({}));

/** What is asked of `/readyz`. */
export const readiness = z.looseObject({ ready: z.boolean(), left_out: z.number().optional() });

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

export const machine = z.looseObject({
  client_id: z.string(),
  name: z.string(),
  key: z.string(),
  state: z.string(),
  first_seen: z.iso.datetime(),
  last_seen: z.iso.datetime(),
  peer: z.string(),
  token: z.string().nullable(),
});

export const machines = z.array(machine);

export const joinToken = z.looseObject({
  id: z.string(),
  state: z.string(),
  uses: z.number(),
  uses_max: z.number(),
  created: z.iso.datetime(),
  expires: z.iso.datetime(),
});

export const joinTokens = z.array(joinToken);

/** What becomes part of a line to paste is held to its form: a server that is not ours could put a command there. */
export const newJoinToken = joinToken.extend({
  token: z.string().regex(/^[A-Za-z0-9_-]{22,96}$/),
  place: z.object({ port: z.int().min(1).max(65_535), fingerprint: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
});

const joinedValue = z.object({ min: z.number(), avg: z.number(), max: z.number(), count: z.number() });

/** A line of `readings?step=`: its values are the members that are objects. */
export const historyStep = z
  .looseObject({ sensor: z.string(), id: z.string().optional(), time: z.number(), step: z.number().positive() })
  .transform(({ sensor, id, time, step, ...rest }) => {
    const values = new Map<string, z.infer<typeof joinedValue>>();
    for (const [name, member] of Object.entries(rest)) {
      const { success, data } = joinedValue.safeParse(member);
      // A value that has the name of another member has it behind this.
      if (success) values.set(name.replace(/^value\./, ''), data);
    }
    return { sensor, id, timeMs: time, stepMs: Math.round(step * 1000), values };
  });

export const gaps = z.array(
  z.looseObject({
    reason: z.string(),
    sensor: z.string().optional(),
    id: z.string().optional(),
    from: z.string(),
    to: z.string().nullable(),
    count: z.number().optional(),
  }),
);

export const droppedEvent = z.looseObject({ count: z.number() });

export type HistoryStep = z.infer<typeof historyStep>;
export type Machine = z.infer<typeof machine>;
export type JoinToken = z.infer<typeof joinToken>;
export type Gap = z.infer<typeof gaps>[number];
export type Unit = z.infer<typeof unit>;
