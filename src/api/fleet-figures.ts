import type { FleetRow, UnitState } from './contract.ts';

/** The figures of a unit in the overview, by the names of their columns. */
export const figureNames = ['cpu_temp', 'ram', 'disk', 'cpu'] as const;
export type FigureName = (typeof figureNames)[number];

/** A value and whether it is too old to be taken for one of now. */
export interface Figure {
  /** Degrees Celsius, or a ratio 0 to 1. */
  readonly value: number;
  /** How long ago it was taken, milliseconds, by the server's clock. */
  readonly ageMs: number;
  readonly isOld: boolean;
}

const places: Readonly<Record<FigureName, readonly [value: 2 | 4 | 6 | 8, time: 3 | 5 | 7 | 9]>> = {
  cpu_temp: [2, 3],
  ram: [4, 5],
  disk: [6, 7],
  cpu: [8, 9],
};

const oldIntervals = 2.5;
const oldMsMin = 10_000;

/** How old a value of this unit may be and still count as one of now, in milliseconds. */
export function freshMsMax({ interval }: Pick<FleetRow, 'interval'>): number {
  return Math.max(oldMsMin, oldIntervals * 1000 * Math.max(interval.confirmed, interval.wanted));
}

/** The newest value of a figure; undefined where there is none. `nowMs` is the server's clock. A value of a unit that is not online is old. */
export function figureOf(row: FleetRow, name: FigureName, nowMs: number): Figure | undefined {
  const [valuePlace, timePlace] = places[name];
  const [value, takenMs] = [row.values[valuePlace], row.values[timePlace]];
  if (value === null || takenMs === null) return undefined;
  const ageMs = Math.max(0, nowMs - (takenMs - (row.clock_offset_ms ?? 0)));
  return { value, ageMs, isOld: row.state !== 'online' || ageMs > freshMsMax(row) };
}

const stateRanks: Readonly<Record<UnitState, number>> = { lost: 3, late: 2, online: 1, disconnected: 0 };

/** Degrees Celsius that count as nothing, and as much as a full disk does. */
const [coolCelsius, hotCelsius] = [30, 95];
/** A processor that is busy is at work; a disk that is full is in trouble. */
const busyWeight = 0.8;

/** How badly a unit is off, for those who want the worst first: its state, then what is hottest or fullest. Larger is worse. */
export function badness(row: FleetRow, nowMs: number): number {
  const value = (name: FigureName): number | undefined => figureOf(row, name, nowMs)?.value;
  const celsius = value('cpu_temp') ?? coolCelsius;
  const heat = (celsius - coolCelsius) / (hotCelsius - coolCelsius);
  const worst = Math.max(0, heat, value('ram') ?? 0, value('disk') ?? 0, busyWeight * (value('cpu') ?? 0));
  return stateRanks[row.state] * 10 + Math.min(worst, 9);
}
