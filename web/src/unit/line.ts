import type { StepValueView, StepView } from '../../../src/api/contract.ts';
import { drawnValues } from './drawn-values.ts';

/** One point of a line: what was measured from `timeMs` for `stepMs`. Times by the unit's clock, milliseconds since 1970. */
export interface Point extends StepValueView {
  readonly timeMs: number;
  readonly stepMs: number;
}

/** One value of one series: a line of a chart. Points are in order of time, one a step. */
export interface Line {
  /** `disk:used_ratio:/var`: names it in the address. */
  readonly key: string;
  readonly sensor: string;
  readonly id: string | undefined;
  /** The value's name: on the wire, or of what is drawn in its place. */
  readonly name: string;
  readonly points: readonly Point[];
}

export function keyOf({ sensor, name, id }: Pick<Line, 'sensor' | 'name' | 'id'>): string {
  return `${sensor}:${name}${id === undefined ? '' : `:${id}`}`;
}

const noValues = new Set(['unit', 'client_id', 'sensor', 'id', 'time', 'step']);

/** The lines of a history. Steps come series after series, each oldest first, as the server answers them. */
export function linesOf(steps: readonly StepView[]): readonly Line[] {
  const lines = new Map<string, Line & { readonly points: Point[] }>();
  for (const view of steps) {
    const { sensor, time } = view;
    const id = typeof view['id'] === 'string' ? view['id'] : undefined;
    const stepMs = Number(view['step']) * 1_000;
    for (const [name, value] of Object.entries(drawnValues(sensor, valuesOf(view)))) {
      const key = keyOf({ sensor, name, id });
      let line = lines.get(key);
      if (line === undefined) lines.set(key, (line = { key, sensor, id, name, points: [] }));
      line.points.push({ timeMs: time, stepMs, ...value });
    }
  }
  return [...lines.values()];
}

function valuesOf(view: StepView): Readonly<Record<string, StepValueView>> {
  const values: Record<string, StepValueView> = {};
  for (const [name, value] of Object.entries(view)) {
    // A value that is itself called `step` has another name, so that it does not look like the length.
    if (!noValues.has(name) && typeof value === 'object') values[name === 'value.step' ? 'step' : name] = value;
  }
  return values;
}
