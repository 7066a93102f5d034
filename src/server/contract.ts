import type { GapView } from '../core/gap.ts';
import type { Fields, Level } from '../core/log.ts';
import type { UnitReading } from '../core/reading.ts';
import type { UnitView } from '../core/unit.ts';

/** What became of a wish for another interval. `rev` is the revision under which the unit will confirm it. */
export type IntervalOutcome =
  | { readonly type: 'accepted'; readonly unit: UnitView; readonly rev: number }
  | { readonly type: 'no-such-unit' }
  | { readonly type: 'unit-cannot'; readonly reason: string }
  | { readonly type: 'store-unavailable' };

/** The units, for those who look at them and steer them: the API. */
export interface Fleet {
  /** All units, by name. */
  units(): readonly UnitView[];
  unit(clientId: string): UnitView | undefined;
  /** Why readings of the unit are missing between two times, oldest first; undefined where there is no such unit. Rejects where the store cannot be read. */
  gaps(clientId: string, fromMs: number, toMs: number): Promise<readonly GapView[] | undefined>;
  /** `seconds` is within the protocol's range and a multiple of 0.001, or the outcome is `unit-cannot`. */
  setInterval(clientId: string, seconds: number): Promise<IntervalOutcome>;
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
