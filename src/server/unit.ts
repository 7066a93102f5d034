import type { GapRecord } from '../core/gap.ts';
import type { ServerLimits } from '../core/limits.ts';
import type { SeriesName, TakenReading, UnitReading } from '../core/reading.ts';
import type { UnitRecord, UnitState, UnitView } from '../core/unit.ts';
import type { Revision } from '../session/interval-sender.ts';
import type { ReadingJudge, ServerInput } from '../session/server-contract.ts';
import { lateMsOf } from '../session/silence.ts';
import { ClockOffset } from './clock-offset.ts';
import type { LatestGlance, UnitGlance } from './contract.ts';
import { intervalView } from './interval-view.ts';
import type { GapKeeper } from './gap-keeper.ts';
import { LatestReadings } from './latest-readings.ts';
import { SeriesRoster } from './series-roster.ts';
import { SeriesWatch, type SeriesWatchOptions } from './series-watch.ts';
import type { Takeovers } from './takeovers.ts';
import { UnitGaps, type UnitGapsOptions } from './unit-gaps.ts';

/** A reading with its unit at hand. */
export interface OwnedReading extends UnitReading {
  readonly owner: Unit;
}

/** The connection of a live unit, as the server sees it. */
export interface Peer {
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  /** As that of its link. */
  readonly binding: string;
  readonly intervalTries: number;
  /** The reception's own: whom it knows at this connection. On the connection, because there it is at hand for every frame. */
  guest?: object | undefined;
  input(input: ServerInput): void;
  /** The oldest of the readings that it gave is stored. Its answer goes out with `flush`. */
  stored(): void;
  flush(): void;
}

/** Where what is learned of a unit goes. */
export interface UnitKeeping {
  readonly keeper: GapKeeper;
  /** The record has changed in what is worth storing and not worth waiting for. */
  readonly changed: (record: UnitRecord) => void;
  /** As they are now. */
  readonly limits: () => Pick<ServerLimits, 'seriesMax'>;
}

/** A unit while the server runs: its record, its connection, what it last sent. */
export class Unit implements UnitGapsOptions, SeriesWatchOptions, UnitGlance, ReadingJudge {
  record: UnitRecord;
  /** Undefined while no connection is registered, or registering, as this unit. */
  peer: Peer | undefined;
  state: UnitState;
  lastSeenMs: number;
  readonly #keeping: UnitKeeping;
  readonly clock: ClockOffset;
  /** Of most units there are none. */
  takeovers: Takeovers | undefined;
  readonly gaps: UnitGaps;
  readonly series: SeriesWatch;
  readonly latest = new LatestReadings();
  readonly #roster = new SeriesRoster();
  /** The store has had it. */
  isKept = false;
  /** The wanted interval as the store has it: what a crash leaves, so nothing else may be told. */
  #stored: Revision;
  /** The revision that the connection was told last. */
  #toldRev = 0;
  /** The revision that a v1 unit was told as often as it is told. */
  #assumedRev = 0;

  constructor(record: UnitRecord, keeping: UnitKeeping) {
    this.record = record;
    this.#keeping = keeping;
    this.clock = new ClockOffset(record.clockOffsetMs);
    this.gaps = new UnitGaps(this);
    this.series = new SeriesWatch(this);
    this.#stored = revisionOf(record);
    this.state = record.left ? 'disconnected' : 'lost';
    this.lastSeenMs = record.lastSeenMs;
  }

  get clientId(): string {
    return this.record.clientId;
  }

  get name(): string {
    return this.record.name;
  }

  get askedName(): string {
    return this.record.askedName;
  }

  /** Its last registration's address. */
  get address(): string {
    return this.record.peer;
  }

  get keeper(): GapKeeper {
    return this.#keeping.keeper;
  }

  lateMs(): number {
    return lateMsOf(this.#pauseSeconds);
  }

  keepsBacklog(): boolean {
    return this.record.v === 2;
  }

  intervalMs(): number {
    return this.#pauseSeconds * 1000;
  }

  round(timeMs: number): void {
    this.gaps.round(timeMs);
  }

  seriesChanged(): void {
    this.record = { ...this.record, series: this.series.series };
    this.#keeping.changed(this.record);
  }

  /** An operator wants another interval. It goes out once the store has it. */
  want(seconds: number): Revision {
    const { interval } = this.record;
    const rev = interval.rev + 1;
    if (interval.assumed) this.#assumedRev = interval.rev;
    this.record = { ...this.record, interval: { ...interval, wantedSeconds: seconds, rev, assumed: false } };
    return { rev, seconds };
  }

  /** The store has `revision`, which is told unless a newer one is on its way there. */
  wantStored(revision: Revision): void {
    if (revision.rev >= this.#stored.rev) this.#stored = revision;
    this.#tell();
  }

  /** The store does not have it: what it has is wanted again. */
  wantFailed({ rev }: Revision): void {
    const { interval } = this.record;
    if (interval.rev !== rev) return;
    const { rev: storedRev, seconds } = this.#stored;
    // What was assumed meanwhile was of the interval that the unit had been told.
    const assumed = interval.assumed || storedRev === this.#assumedRev;
    this.record = { ...this.record, interval: { ...interval, wantedSeconds: seconds, rev: storedRev, assumed } };
    this.#tell();
  }

  /** What `!SUCC` tells the connection that registers. */
  grant(): Revision {
    this.#toldRev = this.#stored.rev;
    return this.#stored;
  }

  /** Takes up what the last server knew of its gaps. It may have been killed, and the unit is gone for this one in any case. */
  restore(gaps: readonly GapRecord[], newestMs: number | undefined): void {
    this.gaps.restore(gaps, newestMs);
    this.series.restore(this.record.series, gaps, newestMs);
    this.gaps.ended(this.record.left ? 'left' : 'lost');
  }

  refusal(series: SeriesName): string | undefined {
    const { seriesMax } = this.#keeping.limits();
    if (this.#roster.takes(series, seriesMax)) return undefined;
    return `the unit has ${seriesMax} series, as many as limits.series allows`;
  }

  /** A reading that arrives at once. True where the offset of its clock is news. */
  live(reading: TakenReading, arrivedMs: number): boolean {
    if (reading.sensor === 'agent') this.told(reading);
    this.series.live(reading);
    return this.clock.sample(reading.time, arrivedMs);
  }

  /** A reading of a backlog. */
  late(reading: TakenReading): void {
    if (reading.sensor === 'agent') this.told(reading);
    this.gaps.late(reading.time);
    this.series.late(reading);
  }

  /** The client tells of itself (protocol 4). */
  told({ values }: TakenReading): void {
    const { dropped: count, dropped_from: fromMs, dropped_to: toMs } = values;
    if (count === undefined || fromMs === undefined || toMs === undefined) return;
    if (isTime(fromMs) && isTime(toMs) && fromMs <= toMs) this.gaps.dropped({ fromMs, toMs, count });
  }

  get interval(): UnitView['interval'] {
    return intervalView(this.record.interval, this.intervalTries);
  }

  get intervalTries(): number {
    const { confirmedRev, rev } = this.record.interval;
    return confirmedRev >= rev ? 0 : (this.peer?.intervalTries ?? 0);
  }

  get clockOffsetMs(): number | null {
    return this.clock.ms === null ? null : this.clock.shownMs;
  }

  get readings(): readonly LatestGlance[] {
    return this.latest.all;
  }

  view(): UnitView {
    const { clientId, name, v, ip, port, registeredMs } = this.record;
    return {
      client_id: clientId,
      name,
      state: this.state,
      v,
      ip,
      port,
      interval: this.interval,
      registered: new Date(registeredMs).toISOString(),
      last_seen: new Date(this.lastSeenMs).toISOString(),
      clock_offset_ms: this.clockOffsetMs,
      tags: this.record.tags ?? {},
      latest: this.latest.view(),
    };
  }

  /** The longer of the intervals that it may be at. */
  get #pauseSeconds(): number {
    const { confirmedSeconds, wantedSeconds } = this.record.interval;
    return Math.max(confirmedSeconds, wantedSeconds);
  }

  #tell(): void {
    const revision = this.#stored;
    if (revision.rev !== this.record.interval.rev || revision.rev <= this.#toldRev) return;
    this.#toldRev = revision.rev;
    this.record = { ...this.record, interval: { ...this.record.interval, assumed: false } };
    this.peer?.input({ type: 'interval', revision });
  }
}

/** RFC 3339 has a text for it. */
function isTime(ms: number): boolean {
  return Math.abs(ms) <= 8_640_000_000_000_000;
}

function revisionOf({ interval: { rev, wantedSeconds } }: UnitRecord): Revision {
  return { rev, seconds: wantedSeconds };
}
