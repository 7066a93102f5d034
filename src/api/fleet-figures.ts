import { unreachable } from '../core/assert.ts';
import { ageMs, isOld } from '../core/freshness.ts';
import type { FleetRow, Measured, UnitState } from './contract.ts';
import { kinds, urgencyOf, type Kind } from './levels.ts';

/** The newest value of one kind; undefined where there is none. */
export function measuredOf({ values }: Pick<FleetRow, 'values'>, kind: Kind): Measured | undefined {
  const [value, time] = pairOf(values, kind);
  return value === null || time === null ? undefined : { value, time };
}

/** The newest value of one kind, where it may still count as how the unit is now. `nowMs` is the server's clock. */
export function freshOf(row: FleetRow, kind: Kind, nowMs: number): Measured | undefined {
  const measured = measuredOf(row, kind);
  return measured === undefined || isOld(row, measured.time, nowMs) ? undefined : measured;
}

/** A value and whether it is too old to be taken for one of now. */
export interface Figure {
  /** Degrees Celsius, or a ratio 0 to 1. */
  readonly value: number;
  /** How long ago it was taken, milliseconds, by the server's clock. */
  readonly ageMs: number;
  readonly isOld: boolean;
}

/** The newest value of one kind with its age; undefined where there is none. */
export function figureOf(row: FleetRow, kind: Kind, nowMs: number): Figure | undefined {
  const measured = measuredOf(row, kind);
  if (measured === undefined) return undefined;
  const { value, time } = measured;
  return { value, ageMs: Math.max(0, ageMs(row, time, nowMs)), isOld: isOld(row, time, nowMs) };
}

/** Of a unit's values that count, the one nearest to trouble. */
export interface Worst {
  /** Undefined where none counts. */
  readonly worst: Kind | undefined;
  /** 1 where it begins to be high, 2 where it is critical. */
  readonly urgency: number;
}

export function worstOf(row: FleetRow, nowMs: number): Worst {
  let worst: Kind | undefined;
  let urgency = 0;
  for (const kind of kinds) {
    const fresh = freshOf(row, kind, nowMs);
    if (fresh === undefined) continue;
    const found = urgencyOf(kind, fresh.value);
    if (worst !== undefined && found <= urgency) continue;
    worst = kind;
    urgency = found;
  }
  return { worst, urgency };
}

/** The worst first; who said goodbye is well. */
export const stateRank: Readonly<Record<UnitState, number>> = { lost: 0, late: 1, online: 2, disconnected: 3 };

/** Steps in which urgency counts: units do not change places with each tenth of a degree. */
const urgencySteps = 20;

/** Sorts the worst first: lost, late, online by what is hottest or fullest. 0 where one is as badly off as the other. */
export function compareWorst(
  one: Worst & { readonly row: Pick<FleetRow, 'state'> },
  other: Worst & { readonly row: Pick<FleetRow, 'state'> },
): number {
  return (
    stateRank[one.row.state] - stateRank[other.row.state] ||
    Math.round(other.urgency * urgencySteps) - Math.round(one.urgency * urgencySteps)
  );
}

function pairOf(values: FleetRow['values'], kind: Kind): readonly [number | null, number | null] {
  const [, , temp, tempMs, ram, ramMs, disk, diskMs, cpu, cpuMs] = values;
  switch (kind) {
    case 'cpu_temp':
      return [temp, tempMs];
    case 'ram':
      return [ram, ramMs];
    case 'disk':
      return [disk, diskMs];
    case 'cpu':
      return [cpu, cpuMs];
    default:
      return unreachable(kind);
  }
}
