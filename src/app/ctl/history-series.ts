import { CodedError } from '../../core/coded-error.ts';
import type { HistoryStep } from './api-answers.ts';
import { badUsage } from './arguments.ts';
import { shown } from './figures.ts';
import { stepText } from './step-choice.ts';

/** One series of a history: the steps in which it has any value, in order of time. */
export interface HistorySeries {
  readonly sensor: string;
  readonly id: string | undefined;
  readonly steps: HistoryStep[];
}

/** What a history holds for a person: some series, and how many more there are. */
export interface History {
  readonly series: readonly HistorySeries[];
  /** By sensor: how many of its series are left out. */
  readonly more: ReadonlyMap<string, number>;
}

/** Series that fit a person's eye. */
const seriesMax = 20;
/** Lines that nobody scrolls through. */
const stepsMax = 10_000;
/** What all tables together hold: some tens of MiB. */
const valuesMax = 200_000;

/**
 * Collects a history as it arrives, series after series. Throws CodedError `bad-usage` where it is more than anybody reads, before it is all there.
 */
export async function collectHistory(
  lines: AsyncIterable<string>,
  parse: (line: unknown) => HistoryStep | undefined,
  stepMs: number,
): Promise<History> {
  const series: HistorySeries[] = [];
  const more = new Map<string, number>();
  let last: { readonly sensor: string; readonly id: string | undefined } | undefined;
  let kept: HistorySeries | undefined;
  let values = 0;
  for await (const text of lines) {
    for (const line of text.trimEnd().split('\n')) {
      const step = parse(jsonOf(line));
      if (step === undefined) throw notSteps();
      const { sensor, id } = step;
      if (last?.sensor !== sensor || last.id !== id) {
        last = { sensor, id };
        kept = series.length < seriesMax ? { sensor, id, steps: [] } : undefined;
        if (kept === undefined) more.set(sensor, (more.get(sensor) ?? 0) + 1);
        else series.push(kept);
      }
      if (kept === undefined) continue;
      kept.steps.push(step);
      values += step.values.size;
      if (kept.steps.length > stepsMax || values > valuesMax) throw tooMany(kept, stepMs);
    }
  }
  return { series, more };
}

/** `disk /var`. */
export function seriesName({ sensor, id }: Pick<HistorySeries, 'sensor' | 'id'>): string {
  return id === undefined ? shown(sensor) : `${shown(sensor)} ${shown(id)}`;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The schema says that this is no step.
    return undefined;
  }
}

function notSteps(): CodedError {
  return new CodedError(
    'api-not-telemetry',
    'The answer is no history in steps; is --api right, and is the server as new as telemetryctl?',
  );
}

function tooMany(series: HistorySeries, stepMs: number): CodedError {
  const what =
    series.steps.length > stepsMax ? `${seriesName(series)} has more than ${stepsMax}` : 'There are too many';
  return badUsage(
    `${what} steps of ${stepText(stepMs)} in that time; choose a longer --step or a shorter time, or --json for all of them.`,
  );
}
