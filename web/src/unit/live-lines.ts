import type { ReadingView, StepValueView } from '../../../src/api/contract.ts';
import { drawnValues } from './drawn-values.ts';
import { keyOf, type Line, type Point } from './line.ts';

const noValues = new Set(['seq', 'time', 'sensor', 'id', 'epoch', 'source', 'unit', 'client_id']);

/** The values of a reading under their names. */
export function readingValues(reading: ReadingView): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(reading).filter(
      (entry): entry is [string, number] => !noValues.has(entry[0]) && typeof entry[1] === 'number',
    ),
  );
}

/** Lines with new readings in them: in the step that has begun, in a new one, or, where a backlog arrives, in one of before. What was given is not changed. */
export function withReadings(
  lines: readonly Line[],
  readings: readonly ReadingView[],
  { stepMs, fromMs }: { readonly stepMs: number; readonly fromMs: number },
): readonly Line[] {
  const changed = new Map(lines.map((line) => [line.key, line]));
  const points = new Map<string, Point[]>();
  for (const reading of readings) {
    const { sensor, id, time } = reading;
    if (typeof sensor !== 'string' || typeof time !== 'number' || time < fromMs) continue;
    const name = typeof id === 'string' ? { sensor, id } : { sensor, id: undefined };
    for (const [value, step] of Object.entries(drawnValues(sensor, singles(reading)))) {
      const key = keyOf({ ...name, name: value });
      let own = points.get(key);
      if (own === undefined) {
        // Those that have left the chart on its left side are let go of, or a page that stays open for a month would keep them all.
        own = (changed.get(key)?.points ?? []).filter((point) => point.timeMs + point.stepMs >= fromMs);
        points.set(key, own);
        changed.set(key, { key, ...name, name: value, points: own });
      }
      add(own, time, { stepMs, step });
    }
  }
  return [...changed.values()];
}

function singles(reading: ReadingView): Readonly<Record<string, StepValueView>> {
  return Object.fromEntries(
    Object.entries(readingValues(reading)).map(([name, value]) => [
      name,
      { min: value, avg: value, max: value, count: 1 },
    ]),
  );
}

function add(
  points: Point[],
  timeMs: number,
  { stepMs, step }: { readonly stepMs: number; readonly step: StepValueView },
): void {
  let index = points.length;
  while (index > 0 && (points[index - 1]?.timeMs ?? 0) > timeMs) index -= 1;
  const before = points[index - 1];
  if (before !== undefined && timeMs < before.timeMs + before.stepMs) {
    points[index - 1] = { ...before, ...joined(before, step) };
    return;
  }
  points.splice(index, 0, { timeMs: Math.floor(timeMs / stepMs) * stepMs, stepMs, ...step });
}

function joined(one: StepValueView, other: StepValueView): StepValueView {
  const count = one.count + other.count;
  return {
    min: Math.min(one.min, other.min),
    avg: (one.avg * one.count + other.avg * other.count) / count,
    max: Math.max(one.max, other.max),
    count,
  };
}
