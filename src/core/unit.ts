import type { TakenReading } from './reading.ts';

/** A unit (a machine that reports) as the store keeps it. Times are milliseconds since 1970, UTC, by the server's clock. */
export interface UnitRecord {
  /** URL-safe, at most 24 bytes, never reused. */
  readonly clientId: string;
  /** Unique among the units. */
  readonly name: string;
  /** The name that it asked for, which another unit may have. */
  readonly askedName: string;
  /** The protocol version of its last registration. */
  readonly v: 1 | 2;
  /** The address at which it hears UDP, without zone. */
  readonly ip: string;
  /** The port at which it hears UDP; 0: it does not. */
  readonly port: number;
  /** The address from which it last registered. */
  readonly peer: string;
  readonly interval: IntervalRecord;
  readonly registeredMs: number;
  readonly lastSeenMs: number;
  /** It left with `!DISC` and has not come back. */
  readonly left: boolean;
  /** Its clock minus the server's, as it was measured last, in milliseconds; 0 up to 2 s. */
  readonly clockOffsetMs?: number;
  /** Words that people put on it: by name. Absent where there is none. */
  readonly tags?: Readonly<Record<string, string>>;
  /** What its rounds are made of: the sensor, its `id` or null, and the longest time between two readings, in milliseconds. */
  readonly series?: readonly (readonly [sensor: string, id: string | null, stepMs: number])[];
}

/** The interval of a unit: what it was told, and what it has confirmed. Seconds. */
export interface IntervalRecord {
  readonly confirmedSeconds: number;
  readonly wantedSeconds: number;
  /** The revision of the wanted interval; grows with each change. */
  readonly rev: number;
  /** The highest revision that the unit has confirmed; 0 for none. */
  readonly confirmedRev: number;
  /** A v1 unit, which never confirms, was told as often as it is told. */
  readonly assumed: boolean;
  /** It has only ever confirmed by way of TCP, so UDP does not reach it. */
  readonly tcpOnly: boolean;
}

export type UnitState = 'online' | 'late' | 'lost' | 'disconnected';

/** A unit as the API shows it, member for member. */
export interface UnitView {
  readonly client_id: string;
  readonly name: string;
  readonly state: UnitState;
  readonly v: 1 | 2;
  readonly ip: string;
  readonly port: number;
  readonly interval: {
    readonly confirmed: number;
    readonly wanted: number;
    readonly rev: number;
    readonly state: 'confirmed' | 'sending' | 'assumed';
    readonly tries: number;
  };
  /** RFC 3339, UTC: when it last registered. */
  readonly registered: string;
  /** RFC 3339, UTC: when its last frame arrived. */
  readonly last_seen: string;
  /** Its clock minus the server's, 0 up to 2 s; null until it was measured. */
  readonly clock_offset_ms: number | null;
  /** Words that people put on it: by name. */
  readonly tags: Readonly<Record<string, string>>;
  /** The newest readings by sensor, one for each `id`. */
  readonly latest: Readonly<Record<string, readonly ReadingView[]>>;
}

/** A reading as the API and the event stream show it: the members of the wire. */
export type ReadingView = Readonly<Record<string, string | number>>;

/** The members of the wire, in its order: `seq`, `time`, `sensor`, `id`, `epoch`, `source`, then the values. */
export function viewOfReading(reading: TakenReading): ReadingView {
  const view: Record<string, string | number> = {};
  if (reading.seq !== undefined) view['seq'] = reading.seq;
  view['time'] = reading.time;
  view['sensor'] = reading.sensor;
  if (reading.id !== undefined) view['id'] = reading.id;
  if (reading.epoch !== undefined) view['epoch'] = reading.epoch;
  if (reading.source !== undefined) view['source'] = reading.source;
  return Object.assign(view, reading.values);
}
