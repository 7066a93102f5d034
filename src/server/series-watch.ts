import type { GapRecord } from '../core/gap.ts';
import { limits } from '../core/limits.ts';
import type { TakenReading } from '../core/reading.ts';
import { joined } from '../core/short-list.ts';
import type { UnitRecord } from '../core/unit.ts';
import type { GapKeeper } from './gap-keeper.ts';
import { placeOf } from './series-place.ts';
import { sharedSeries } from './shared-series.ts';

export interface SeriesWatchOptions {
  readonly clientId: string;
  readonly keeper: GapKeeper;
  /** Milliseconds between two rounds of the unit, as far as the server knows. */
  intervalMs(): number;
  /** A round begins, taken at `timeMs`. */
  round(timeMs: number): void;
  /** There are other series now: they are worth storing with the unit. */
  seriesChanged(): void;
}

/** A sensor, or one `id` of it, that comes round after round. */
interface Series {
  readonly sensor: string;
  readonly id: string | undefined;
  lastMs: number;
  /** The last round that had it. */
  round: number;
  /** The longest time between two of its readings: not every sensor is in every round. */
  stepMs: number;
  /** Counted up to `sightingsMin`. */
  sightings: number;
  gap: GapRecord | undefined;
}

/** So often a series is seen before its absence is one: what comes once is news, not a series. */
const sightingsMin = 3;
/** So many rounds, and so many times its usual pause, a series is absent before it counts as gone. */
const absencesMin = 3;

/** Of all units that have none yet. */
const none: readonly Series[] = [];

/** Notices which of a unit's series are no longer in its rounds while others go on. A round is what was taken at one time. */
export class SeriesWatch {
  readonly #options: SeriesWatchOptions;
  /** In the order of the rounds, so that the next reading is, as a rule, of the next series. */
  #series: readonly Series[] = none;
  #expected = 0;
  #round = 0;
  /** -Infinity before the first: a number takes the place of a number without anything being made. */
  #roundMs = Number.NEGATIVE_INFINITY;
  #judgedMs = 0;
  /** When the unit came back or changed its pace: time before it says nothing of a series. */
  #resumedMs = Number.NEGATIVE_INFINITY;
  #intervalMs = 0;
  #hasNew = false;

  constructor(options: SeriesWatchOptions) {
    this.#options = options;
  }

  /** Takes up the series of the last server, all last seen at `newestMs`, and the gaps of those that are gone. */
  restore(series: UnitRecord['series'], gaps: readonly GapRecord[], newestMs: number | undefined): void {
    for (const [sensor, id, stepMs] of series ?? []) {
      const gap = gaps.find((one) => one.reason === 'sensor-gone' && one.sensor === sensor && (one.id ?? null) === id);
      const lastMs = gap?.fromMs ?? newestMs ?? 0;
      const [round, sightings] = [0, sightingsMin];
      const name = sharedSeries({ sensor, id: id ?? undefined });
      this.#series = joined(this.#series, { sensor: name.sensor, id: name.id, lastMs, round, stepMs, sightings, gap });
    }
  }

  /** As they are stored with the unit. */
  get series(): NonNullable<UnitRecord['series']> {
    return this.#series
      .filter(({ sightings }) => sightings === sightingsMin)
      .map(({ sensor, id, stepMs }) => [sensor, id ?? null, stepMs]);
  }

  /** A live reading. The path of every reading: as a rule two comparisons of short texts. */
  live(reading: TakenReading): void {
    const { time } = reading;
    if (time !== this.#roundMs) this.#begin(time);
    const place = placeOf(this.#series, this.#expected, reading);
    const series = this.#series[place] ?? this.#add(reading);
    if (series === undefined) return;
    this.#expected = place + 1;
    const stepMs = time - series.lastMs;
    if (stepMs > series.stepMs && series.lastMs >= this.#resumedMs) series.stepMs = stepMs;
    series.lastMs = time;
    series.round = this.#round;
    if (series.sightings < sightingsMin) this.#sight(series);
    if (series.gap !== undefined) this.#back(series, series.gap, time);
  }

  /** A reading of a backlog: a series that is gone may have been there for longer than was known. */
  late({ sensor, id, time }: TakenReading): void {
    const series = this.#series.find((one) => one.gap !== undefined && one.sensor === sensor && one.id === id);
    if (series?.gap === undefined || time <= series.gap.fromMs) return;
    if (this.#round > 0 && time > this.#roundMs) return;
    series.gap = { ...series.gap, fromMs: time, filledMs: time };
    this.#options.keeper.keep(series.gap);
  }

  #begin(timeMs: number): void {
    const formerMs = this.#roundMs;
    this.#options.round(timeMs);
    // Between two judgements nothing else is looked at: rounds that follow one another faster come thousands a second in all.
    if (timeMs - this.#judgedMs >= this.#intervalMs / 2 || timeMs < this.#judgedMs) {
      this.#judgedMs = timeMs;
      this.#consider(timeMs, formerMs);
    }
    this.#roundMs = timeMs;
    this.#round += 1;
    this.#expected = 0;
  }

  #consider(timeMs: number, formerMs: number): void {
    const intervalMs = this.#options.intervalMs();
    const pauseMs = Math.max(limits.lostMsMin, absencesMin * intervalMs);
    if (timeMs - formerMs > pauseMs || formerMs - timeMs > pauseMs) this.#resume(timeMs);
    if (intervalMs !== this.#intervalMs) {
      // What came with every round comes at another pace from now on; what has a pace of its own keeps it.
      const everyRoundMs = this.#intervalMs * limits.lateIntervals;
      for (const series of this.#series) if (series.stepMs <= everyRoundMs) series.stepMs = 0;
      this.#intervalMs = intervalMs;
      this.#resume(timeMs);
    }
    this.#judge(formerMs, pauseMs);
    if (this.#hasNew) {
      this.#hasNew = false;
      this.#options.seriesChanged();
    }
  }

  #resume(timeMs: number): void {
    this.#resumedMs = timeMs;
    for (const series of this.#series) {
      series.round = this.#round;
      if (series.lastMs > timeMs) series.lastMs = timeMs;
    }
  }

  /** The rounds up to the one that was taken at `roundMs` are complete. */
  #judge(roundMs: number, pauseMs: number): void {
    const { clientId, keeper } = this.#options;
    for (const series of this.#series) {
      if (this.#round - series.round < absencesMin || series.gap !== undefined) continue;
      if (series.sightings < sightingsMin) continue;
      const absentMs = roundMs - Math.max(series.lastMs, this.#resumedMs);
      if (absentMs < pauseMs || absentMs <= absencesMin * series.stepMs) continue;
      const { sensor, id, lastMs } = series;
      const [number, reason] = [keeper.nextNumber(), 'sensor-gone'] as const;
      series.gap = { clientId, number, reason, sensor, id, fromMs: lastMs, filledMs: lastMs, toMs: undefined };
      keeper.keep(series.gap);
    }
  }

  #back(series: Series, gap: GapRecord, timeMs: number): void {
    series.gap = undefined;
    this.#options.keeper.keep({ ...gap, toMs: Math.max(timeMs, gap.fromMs) });
  }

  /** A new series; undefined where it is not watched. */
  #add(reading: TakenReading): Series | undefined {
    const { sensor, id } = sharedSeries(reading);
    // What the client says of itself comes when there is something to say.
    if (this.#series.length >= limits.watchedSeriesMax || sensor === 'agent') return undefined;
    const found: Series = {
      sensor,
      id,
      lastMs: reading.time,
      round: this.#round,
      stepMs: 0,
      sightings: 0,
      gap: undefined,
    };
    this.#series = joined(this.#series, found);
    return found;
  }

  #sight(series: Series): void {
    series.sightings += 1;
    if (series.sightings === sightingsMin) this.#hasNew = true;
  }
}
