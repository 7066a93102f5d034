import type { StepValueView, StepView } from '../../../src/api/contract.ts';
import type { GapSpan } from '../../../web/src/unit/gap-span.ts';
import type { Line, Point } from '../../../web/src/unit/line.ts';

export function valueAt(value: number, count = 1): StepValueView {
  return { min: value - 1, avg: value, max: value + 1, count };
}

/** Points at these seconds, each with the second as its value. */
export function pointsAt(seconds: readonly number[], stepSeconds = 1): readonly Point[] {
  return seconds.map((second) => ({ timeMs: second * 1_000, stepMs: stepSeconds * 1_000, ...valueAt(second) }));
}

export function lineAt(seconds: readonly number[], change: Partial<Line> = {}): Line {
  return { key: 'temp:celsius:a', sensor: 'temp', id: 'a', name: 'celsius', points: pointsAt(seconds), ...change };
}

export function gapAtSeconds(fromSeconds: number, toSeconds: number, change: Partial<GapSpan> = {}): GapSpan {
  return {
    reason: 'host-off',
    sensor: undefined,
    id: undefined,
    fromMs: fromSeconds * 1_000,
    toMs: toSeconds * 1_000,
    count: undefined,
    ...change,
  };
}

export function stepView(sensor: string, time: number, values: Readonly<Record<string, unknown>>): StepView {
  const view: unknown = { unit: 'bench', client_id: 'c', sensor, time, step: 60, ...values };
  return view as StepView;
}
