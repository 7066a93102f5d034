import type { Trails } from '../../api/contract.ts';
import { usedRatio, type Valued } from '../../core/used-ratio.ts';
import type { SeriesStep, Store } from '../../store/contract.ts';
import { shownCelsius, shownRatio } from './shown-values.ts';

const minuteMs = 60_000;
const minutes = 60;

type Column = keyof Trails['units'][string];

const columns: Readonly<Record<Column, (means: Valued) => number>> = {
  cpu_temp: (means) => shownCelsius(means.value('celsius')),
  ram: (means) => shownRatio(usedRatio(means)),
  disk: (means) => shownRatio(usedRatio(means)),
  cpu: (means) => shownRatio(means.value('utilisation')),
};

/** The beginning of the first of sixty minutes, of which the last is the one that goes on now. Milliseconds since 1970, as all here. */
export function firstMinute(nowMs: number): number {
  return (Math.floor(nowMs / minuteMs) - minutes + 1) * minuteMs;
}

export interface TrailQuery {
  readonly clientId: string;
  /** As of `firstMinute`, by the server's clock. */
  readonly fromMs: number;
  /** The unit's clock minus the server's. */
  readonly clockOffsetMs: number | null;
}

/**
 * The last hour of a unit as JSON, the member of a `Trails`: sixty means of each column, of several series the hottest or fullest in that minute. Readings carry the time of their unit, and steps begin with its
 * minutes; so the minutes of a clock that is off are moved by as many whole ones as come nearest, and a value may lie up to half a minute off.
 */
export async function unitTrail(
  store: Pick<Store, 'steps'>,
  { clientId, fromMs, clockOffsetMs }: TrailQuery,
  signal: AbortSignal,
): Promise<string> {
  const aheadMs = Math.round((clockOffsetMs ?? 0) / minuteMs) * minuteMs;
  const span = { clientId, fromMs: fromMs + aheadMs, toMs: fromMs + aheadMs + minutes * minuteMs, stepMs: minuteMs };
  const members: string[] = [];
  for (const [sensor, valueOf] of Object.entries(columns)) {
    const values: (number | null)[] = Array.from({ length: minutes }, () => null);
    for await (const step of store.steps({ ...span, sensor }, signal)) {
      const value = valueOf(meansOf(step));
      if (!Number.isNaN(value)) raise(values, { from: step.timeMs - span.fromMs, value, stepMs: step.stepMs });
    }
    members.push(`${JSON.stringify(sensor)}:${JSON.stringify(values)}`);
  }
  // What has been cut short is no answer.
  signal.throwIfAborted();
  return `{${members.join()}}`;
}

/** A step is longer than a minute where only coarser ones are left of that time: its mean is that of each of its minutes. */
function raise(
  values: (number | null)[],
  { from, value, stepMs }: { readonly from: number; readonly value: number; readonly stepMs: number },
): void {
  const first = Math.floor(from / minuteMs);
  for (let minute = Math.max(0, first); minute < Math.min(minutes, first + stepMs / minuteMs); minute += 1) {
    values[minute] = Math.max(values[minute] ?? value, value);
  }
}

function meansOf({ values }: SeriesStep): Valued {
  return {
    value(name) {
      const value = values[name];
      return value === undefined ? undefined : value.sum / value.count;
    },
  };
}
