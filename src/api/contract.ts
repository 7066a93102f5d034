import type { AccountView, ApiTokenView, AuditLine, Scope } from '../access/contract.ts';
import type { GapReason, GapView } from '../core/gap.ts';
import type { ReadingView, UnitState, UnitView } from '../core/unit.ts';
import type { JoinTokenView, MachineView } from '../server/contract.ts';

/** The shapes of the HTTP API (docs/api.md), member for member. What is not here is where the server has it, and exported from there. */

export type {
  AccountView,
  ApiTokenView,
  AuditLine,
  GapReason,
  GapView,
  JoinTokenView,
  MachineView,
  ReadingView,
  Scope,
  UnitState,
  UnitView,
};

/** `name=value` words that people put on units: by name. */
export type Tags = Readonly<Record<string, string>>;

/** A value of a unit that is shown for the whole fleet, with when it was taken: milliseconds since 1970, by the unit's clock. */
export interface Measured {
  readonly value: number;
  readonly time: number;
}

/**
 * The newest values of one unit, in this order; `null` where there is none. They are sent far more often than all else, so they have places instead of names:
 * the `client_id`; `last_seen`, milliseconds since 1970, by the server's clock; then pairs of value and time taken (milliseconds since 1970, by the unit's clock) of: the hottest `cpu_temp`
 * in degrees Celsius; `ram` in use, the fullest `disk` and `cpu` utilisation, ratios 0 to 1; last the readings that its spool holds.
 */
export type FleetValues = readonly [
  clientId: string,
  lastSeenMs: number,
  cpuTemp: number | null,
  cpuTempMs: number | null,
  ram: number | null,
  ramMs: number | null,
  disk: number | null,
  diskMs: number | null,
  cpu: number | null,
  cpuMs: number | null,
  backlog: number | null,
];

/** A unit in the overview: what changes seldom, and the newest values. */
export interface FleetRow {
  readonly client_id: string;
  readonly name: string;
  readonly state: UnitState;
  readonly v: 1 | 2;
  readonly ip: string;
  readonly tags: Tags;
  readonly interval: UnitView['interval'];
  readonly registered: string;
  /** Its clock minus the server's; null until it was measured. */
  readonly clock_offset_ms: number | null;
  /** Which disk is the fullest: its `id`; null where there is none. */
  readonly fullest_disk: string | null;
  readonly values: FleetValues;
}

/** `GET /api/v1/fleet`, and the first event, `fleet`, of `GET /api/v1/fleet/stream`. */
export interface FleetSnapshot {
  /** The server's clock, milliseconds since 1970. */
  readonly time: number;
  /** By name. */
  readonly units: readonly FleetRow[];
}

/** An event of the server as its log has it: `time`, `level`, `event`, and its fields. */
export type LoggedEvent = Readonly<Record<string, unknown>> & {
  readonly time: string;
  readonly level: string;
  readonly event: string;
};

/** The event `changes` of `GET /api/v1/fleet/stream`: what has changed since the one before, at most four times a second. */
export interface FleetChanges {
  /** The server's clock, milliseconds since 1970. */
  readonly time: number;
  /** Units that are new, or of which more than the values has changed. */
  readonly rows: readonly FleetRow[];
  /** Units of which only the values have. */
  readonly values: readonly FleetValues[];
  /** The `client_id` of units that are there no more. */
  readonly gone: readonly string[];
  /** What happened, `reading` and what is logged at level debug excepted. */
  readonly events: readonly LoggedEvent[];
  /** How many more events there were, which are not kept any longer: of the whole fleet, also with `unit=`. Absent: none. */
  readonly dropped?: number;
  /** With `unit=`: what that unit measured, as it was stored. */
  readonly readings?: readonly ReadingView[];
}

/** `GET /api/v1/fleet/trails?units=…`: the last hour of some units, a value a minute (means; of `disk` the fullest's), oldest first; `null` where nothing was measured. */
export interface Trails {
  /** The beginning of the first minute, milliseconds since 1970. */
  readonly from: number;
  /** Seconds: 60. */
  readonly step: number;
  readonly units: Readonly<
    Record<string, Readonly<Record<'cpu_temp' | 'ram' | 'disk' | 'cpu', readonly (number | null)[]>>>
  >;
}

/** `GET /api/v1/units/{id}/events`: what happened to a unit, oldest first. Times are RFC 3339, UTC, by the server's clock. */
export interface UnitEventView {
  readonly time: string;
  /** As in the log: `registered`, `lost`, `disconnected`, `interval-wanted`, `interval-confirmed` … */
  readonly event: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** One step of a history: `GET /api/v1/units/{id}/readings?step=…`. Other members are values by name. */
export interface StepValueView {
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  readonly count: number;
}
export type StepView = Readonly<Record<string, string | number | StepValueView>> & {
  readonly unit: string;
  readonly client_id: string;
  readonly sensor: string;
  /** Milliseconds since 1970. */
  readonly time: number;
};

/** `PUT /api/v1/intervals`: one answer for each unit that was asked for. */
export interface IntervalsOutcome {
  /** As they are now, with the wanted interval. */
  readonly accepted: readonly Pick<UnitView, 'client_id' | 'name' | 'interval'>[];
  readonly refused: readonly {
    readonly client_id: string;
    /** The last part of a problem's type, such as `unit-cannot`. */
    readonly problem: string;
    readonly detail: string;
  }[];
}

/** `GET /api/v1/session`. */
export interface SessionView {
  readonly name: string;
  readonly scope: Scope;
  readonly how: 'local' | 'token' | 'session';
}

/** A distribution: how many were at most each bound (cumulative, as Prometheus has it). Bounds and sum are in seconds. */
export interface HistogramView {
  readonly bounds: readonly number[];
  /** One more than bounds: the last is all of them. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** What the server has done since it started, and how it is now. `GET /api/v1/server` and `/metrics` show it. Counts only grow. */
export interface ServerFigures {
  /** RFC 3339, UTC. */
  readonly started: string;
  readonly readings: {
    /** Stored, without duplicates. */
    readonly stored: number;
    /** Acknowledged again, and not stored again. */
    readonly duplicates: number;
    /** Answered with `bad-reading`. */
    readonly refused: number;
    /** Taken in, and waiting for the commit. */
    readonly waiting: number;
  };
  readonly commits: { readonly stored: number; readonly failed: number };
  /** From the arrival of a reading to the moment its acknowledgement goes out. */
  readonly acknowledgement_seconds: HistogramView;
  readonly connections: number;
  /** How often each event was logged at level warn or error, by its name. */
  readonly troubles: Readonly<Record<string, number>>;
  /** Of the last minute: `null` where there was nothing to measure. */
  readonly last_minute: {
    readonly readings_per_second: number;
    readonly acknowledgement_p50_seconds: number | null;
    readonly acknowledgement_p99_seconds: number | null;
  };
}

/** `GET /api/v1/server`. */
export interface ServerReport extends ServerFigures {
  readonly version: string;
  /** RFC 3339, UTC: its clock. */
  readonly time: string;
  readonly ready: boolean;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly units: Readonly<Record<UnitState, number>>;
  readonly store: {
    readonly kind: 'memory' | 'sqlite';
    /** Of all its files; null where the store has none. */
    readonly bytes: number | null;
    /** Null: no bound. */
    readonly budget_bytes: number | null;
    /** Seconds; null: as long as there is room. */
    readonly retention: Readonly<Record<'readings' | '1m' | '10m' | '2h', number | null>>;
  };
  /** Resident memory and processor time of the server's process. */
  readonly process: { readonly resident_bytes: number; readonly cpu_seconds: number };
  /** Where machines join with a token, on the machine by which this API was called; null: nowhere. */
  readonly join: { readonly port: number; readonly fingerprint: string } | null;
  /** Where plain TCP is spoken; null: nowhere. */
  readonly tcp_port: number | null;
}

/** `GET /api/v1/settings`: the settings as they are in force, secrets as `***`. */
export interface SettingView {
  /** `store.budget` */
  readonly key: string;
  /** As one would write it. */
  readonly value: string;
  /** `default`, or where it was set: a flag, a variable, a line of the file. */
  readonly source: string;
  /** Whether SIGHUP takes up a change of it. */
  readonly live: boolean;
  readonly description: string;
}
