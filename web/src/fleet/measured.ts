import { unreachable } from '../../../src/core/assert.ts';
import type { FleetRow, Measured } from '../../../src/api/contract.ts';
import { isOld } from '../live/freshness.ts';
import type { Kind } from './levels.ts';

/** The newest value of one kind; undefined where there is none. */
export function measuredOf({ values }: Pick<FleetRow, 'values'>, kind: Kind): Measured | undefined {
  const [value, time] = pairOf(values, kind);
  return value === null || time === null ? undefined : { value, time };
}

/** The newest value of one kind, where it may still count as how the unit is now. */
export function freshOf(row: FleetRow, kind: Kind, nowMs: number): Measured | undefined {
  const measured = measuredOf(row, kind);
  return measured === undefined || isOld(row, measured.time, nowMs) ? undefined : measured;
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
