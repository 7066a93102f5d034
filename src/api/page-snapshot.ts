import type { FleetSnapshot, GapView, StepView, Trails, UnitEventView, UnitView } from './contract.ts';

/** What `telemetryctl page` puts into a page that opens without a server, as JSON in its element `#snapshot`. */
export interface PageSnapshot {
  /** When it was made, milliseconds since 1970, by the server's clock. */
  readonly made: number;
  /** Where it was made: the server's name or address, for people. */
  readonly server: string;
  /** All units, or the one that it is about. */
  readonly fleet: FleetSnapshot;
  readonly trails: Trails;
  /** A page about one unit has its charts besides. */
  readonly unit?: UnitSnapshot;
}

export interface UnitSnapshot {
  readonly view: UnitView;
  /** The range of its charts, milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Seconds. */
  readonly step: number;
  readonly history: readonly StepView[];
  readonly gaps: readonly GapView[];
  readonly events: readonly UnitEventView[];
}
