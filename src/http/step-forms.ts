import type { UnitView } from '../core/unit.ts';
import type { SeriesStep, StepValue } from '../store/contract.ts';
import { answerForms, type AnswerForm, type AnswerFormat } from './answer-form.ts';
import { csvField, lineEnd, timeText } from '../core/csv.ts';

/**
 * The name under which a line of JSON has a value. Those of readings are kept apart from its other members by the protocol, which takes none that is called `time`
 * or `unit`; it does take one called `step`, which gets a name here that no value can have.
 */
const memberOf: ReadonlyMap<string, string> = new Map([['step', 'value.step']]);

/** How the steps of a unit's series are written. */
export function stepForms({
  name: unit,
  client_id: clientId,
}: Pick<UnitView, 'name' | 'client_id'>): Readonly<Record<AnswerFormat, AnswerForm<SeriesStep>>> {
  return answerForms({
    json: ({ sensor, id, timeMs, stepMs, values }) => {
      const views = Object.entries(values).map(([name, value]) => [memberOf.get(name) ?? name, viewOf(value)] as const);
      const head = { unit, client_id: clientId, sensor, id, time: timeMs, step: stepMs / 1000 };
      return JSON.stringify({ ...head, ...Object.fromEntries(views) });
    },
    csvColumns: `time,step,unit,client_id,sensor,id,name,min,avg,max,count${lineEnd}`,
    csvRows: ({ sensor, id, timeMs, stepMs, values }) => {
      const texts = [unit, clientId, sensor, id].map((text) => csvField(text ?? ''));
      const beginning = `${timeText(timeMs)},${stepMs / 1000},${texts.join(',')}`;
      return Object.entries(values)
        .map(([name, value]) => {
          const { min, avg, max, count } = viewOf(value);
          return `${beginning},${csvField(name)},${min},${avg},${max},${count}${lineEnd}`;
        })
        .join('');
    },
  });
}

interface ValueView {
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  readonly count: number;
}

/** A sum is rounded, and the sum of very large values is beyond all numbers; their mean never lies outside them. */
function viewOf({ count, min, max, sum }: StepValue): ValueView {
  const mean = sum / count;
  const avg = Number.isNaN(mean) ? min / 2 + max / 2 : Math.min(max, Math.max(min, mean));
  return { min, avg, max, count };
}
