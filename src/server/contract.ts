import type { GapView } from '../core/gap.ts';
import type { Fields, Level } from '../core/log.ts';
import type { UnitReading } from '../core/reading.ts';
import type { MachineState } from '../core/machine.ts';
import type { UnitEventRecord } from '../core/unit-event.ts';
import type { UnitRecord, UnitState, UnitView } from '../core/unit.ts';

/** What became of a wish for another interval. `rev` is the revision under which the unit will confirm it. */
export type IntervalOutcome =
  | { readonly type: 'accepted'; readonly unit: UnitView; readonly rev: number }
  | { readonly type: 'no-such-unit' }
  | { readonly type: 'unit-cannot'; readonly reason: string }
  | { readonly type: 'store-unavailable' };

/** What became of other tags for a unit. */
export type TagsOutcome =
  | { readonly type: 'done'; readonly unit: UnitView }
  | { readonly type: 'no-such-unit' }
  | { readonly type: 'bad-tags'; readonly reason: string }
  | { readonly type: 'store-unavailable' };

/** What the server has done since it started. Times are milliseconds since 1970, UTC; counts only grow. */
export interface ServerCounts {
  readonly startedMs: number;
  /** Stored, without duplicates. */
  readonly readingsStored: number;
  /** Acknowledged again, and not stored again. */
  readonly readingsDuplicate: number;
  /** Taken in, and waiting for the commit. */
  readonly readingsWaiting: number;
  readonly commitsStored: number;
  readonly commitsFailed: number;
  /** Connections that have registered. */
  readonly connections: number;
  /** From the arrival of a reading to its acknowledgement; `counts` has one more than `boundsSeconds`, and each has those below its bound alone (not cumulative). */
  readonly acknowledgement: {
    readonly boundsSeconds: readonly number[];
    readonly counts: readonly number[];
    readonly sumSeconds: number;
  };
}

/** The server's own figures. */
export interface Figures {
  counts(): ServerCounts;
}

/** The newest reading of one series, as it is kept. */
export interface LatestGlance {
  readonly sensor: string;
  readonly id: string | undefined;
  /** Milliseconds since 1970, by the unit's clock. */
  readonly time: number;
  /** The value of that name. */
  value(name: string): number | undefined;
}

/** A unit as it is kept, with nothing made for the looker: for those who look at thousands a second. It changes with the unit, so it is read at once. */
export interface UnitGlance {
  readonly record: Pick<UnitRecord, 'name' | 'v' | 'ip' | 'tags' | 'registeredMs'>;
  readonly state: UnitState;
  readonly lastSeenMs: number;
  readonly interval: UnitView['interval'];
  /** Its `tries`: what of the interval changes without another `record`. */
  readonly intervalTries: number;
  /** As `clock_offset_ms` of the view. */
  readonly clockOffsetMs: number | null;
  /** One a series. */
  readonly readings: readonly LatestGlance[];
}

/** The units, for those who look at them and steer them: the API. */
export interface Fleet {
  /** All units, by name. */
  units(): readonly UnitView[];
  /** The `client_id` of all units: for those who go through a large fleet a few units at a time. */
  ids(): readonly string[];
  unit(clientId: string): UnitView | undefined;
  glance(clientId: string): UnitGlance | undefined;
  /** Why readings of the unit are missing between two times, oldest first; undefined where there is no such unit. Rejects where the store cannot be read. */
  gaps(clientId: string, fromMs: number, toMs: number): Promise<readonly GapView[] | undefined>;
  /** What happened to the unit between two times of the server's clock, oldest first; undefined where there is no such unit. Rejects where the store cannot be read. */
  events(clientId: string, fromMs: number, toMs: number): Promise<readonly UnitEventRecord[] | undefined>;
  /** In place of those that it had; stored before the outcome. */
  setTags(clientId: string, tags: Readonly<Record<string, string>>): Promise<TagsOutcome>;
  /** `seconds` is within the protocol's range and a multiple of 0.001, or the outcome is `unit-cannot`. */
  setInterval(clientId: string, seconds: number): Promise<IntervalOutcome>;
}

/** A machine as the API shows it, member for member. Times are RFC 3339, UTC. */
export interface MachineView {
  readonly client_id: string;
  readonly name: string;
  /** Its public key: raw Ed25519, base64url. */
  readonly key: string;
  readonly state: MachineState;
  readonly first_seen: string;
  readonly last_seen: string;
  /** The address from which it was last seen. */
  readonly peer: string;
  /** The id of the join token that let it in. */
  readonly token: string | null;
}

export type MachineOutcome =
  | { readonly type: 'done'; readonly machine: MachineView }
  | { readonly type: 'no-such-machine' }
  | { readonly type: 'machine-cannot'; readonly reason: string }
  | { readonly type: 'store-unavailable' };

/** The machines that hold keys, for those who say who may register. Each change is stored before its outcome. */
export interface Machines {
  /** By name, then by when they were first seen. */
  machines(): readonly MachineView[];
  /** Serves one that waits, was revoked or was forgotten. Where a forgotten machine had its name, it takes over that unit, history and all. */
  approve(clientId: string): Promise<MachineOutcome>;
  /** Serves it no more, from now on; name and id stay its own. */
  revoke(clientId: string): Promise<MachineOutcome>;
  /** Its key counts no more, from now on; one that only waits is gone. The name stays taken until another machine is approved for it. */
  forget(clientId: string): Promise<MachineOutcome>;
  rename(clientId: string, name: string): Promise<MachineOutcome>;
}

/** A join token as the API shows it, which is without the token. */
export interface JoinTokenView {
  readonly id: string;
  readonly state: 'valid' | 'used' | 'expired' | 'revoked';
  readonly uses: number;
  readonly uses_max: number;
  readonly created: string;
  readonly expires: string;
}

export interface JoinTokens {
  /** The newest first. */
  tokens(): readonly JoinTokenView[];
  /** `token` is shown this once. */
  newToken(wish: {
    readonly usesMax: number;
    /** Milliseconds since 1970, UTC. */
    readonly expiresMs: number;
  }): Promise<
    | { readonly type: 'made'; readonly token: string; readonly view: JoinTokenView }
    | { readonly type: 'too-many'; readonly reason: string }
    | { readonly type: 'store-unavailable' }
  >;
  revokeToken(
    id: string,
  ): Promise<
    | { readonly type: 'done'; readonly view: JoinTokenView }
    | { readonly type: 'no-such-token' }
    | { readonly type: 'store-unavailable' }
  >;
}

/** What happened, as it is logged: `event` is a name of the outside contract. `timeMs` is the server's wall clock. */
export interface HubEvent {
  readonly timeMs: number;
  readonly level: Level;
  readonly event: string;
  readonly fields: Fields;
}

/** Readings that one commit has stored, without duplicates, in order of arrival. */
export interface Committed {
  readonly timeMs: number;
  readonly readings: readonly UnitReading[];
}

/** The live view: each listener is called at once and must not throw or wait. The result ends the subscription. */
export interface Feed {
  subscribe(listener: { event(event: HubEvent): void; readings(committed: Committed): void }): () => void;
}

/** Whether the server can do its work, and what a person should know of it. */
export interface Health {
  ready(): {
    readonly ready: boolean;
    /** Sentences. */
    readonly problems: readonly string[];
    readonly notes?: readonly string[];
    /** Blocks and chunks of the store that queries since the start came upon, could not read, and left out of their answers. */
    readonly leftOut?: number;
  };
}
