import type { Gap, Unit } from './api-answers.ts';
import type { Paint } from './colour.ts';
import type { HistoryCommand } from './command.ts';
import { shown } from './figures.ts';
import { concerns, gapNote } from './gap-notes.ts';
import { seriesName, type History, type HistorySeries } from './history-series.ts';
import type { LocalTimes } from './local-times.ts';
import { plot, type PlotStep } from './plot.ts';
import { stepText } from './step-choice.ts';
import { stepTable } from './step-table.ts';
import { scaleOf, type Scale } from './value-scale.ts';

/** What was asked for: whole steps of a length. */
export type AskedHistory = HistoryCommand & { readonly stepMs: number };

export interface HistoryLook {
  readonly columns: number;
  readonly blocks: boolean;
  readonly paint: Paint;
  readonly times: LocalTimes;
}

/** A plot of one or two values is as high as this, of more values half as high. */
const rowsMax = 4;

/** What was asked for, in whole steps: unit and time, then each series with its plots and its table. */
export function historyReport(
  { series, more }: History,
  { unit, gaps, asked }: { readonly unit: Unit; readonly gaps: readonly Gap[]; readonly asked: AskedHistory },
  look: HistoryLook,
): string {
  const { times, paint } = look;
  const span = `${times.dated(asked.fromMs)} to ${times.dated(asked.toMs)} (${times.zone})`;
  if (series.length === 0) return nothing(unit, gaps, { asked, span, times });
  const head = `${paint('bold', shown(unit.name))}  ${span}, steps of ${stepText(asked.stepMs)}\n`;
  const parts = series.map((one) => seriesReport(one, gaps, { asked, look }));
  return head + parts.join('') + (more.size === 0 ? '' : `\n${moreText(more)}\n`);
}

function seriesReport(
  series: HistorySeries,
  gaps: readonly Gap[],
  { asked, look }: { readonly asked: AskedHistory; readonly look: HistoryLook },
): string {
  const { paint, times, columns, blocks } = look;
  const { fromMs, toMs, stepMs } = asked;
  const values = valuesOf(series);
  // A machine's total of memory says more in one line than in sixty, beside values that move.
  const moves = values.some((value) => !value.isConstant);
  const shownValues = values.filter(({ isConstant }) => !moves || !isConstant);
  const constants = values.filter((value) => !shownValues.includes(value));
  const ends = [times.step(fromMs), times.step(toMs)] as const;
  const rows = shownValues.length > 2 ? rowsMax / 2 : rowsMax;
  const plots = shownValues.map(
    ({ title, scale, steps }) =>
      `\n${title}\n${plot(steps, { fromMs, toMs, stepMs, columns, rows, blocks, show: scale.show, ends })}`,
  );
  const unchanged =
    constants.length === 0 ? '' : `\nunchanged: ${constants.map(({ constantText }) => constantText).join(', ')}\n`;
  const notes = gaps
    .filter((gap) => concerns(gap, series))
    .map((gap) => ({ fromMs: Date.parse(gap.from), text: paint('yellow', gapNote(gap, times)) }));
  const scales = new Map(shownValues.map(({ name, scale }) => [name, scale]));
  const tables = stepTable(series, { times, stepMs, scales, notes, columns });
  return `\n${paint('bold', seriesName(series))}\n${plots.join('')}${unchanged}\n${tables}`;
}

interface SeriesValue {
  readonly name: string;
  readonly scale: Scale;
  /** The name and its unit. */
  readonly title: string;
  readonly isConstant: boolean;
  readonly constantText: string;
  readonly steps: readonly PlotStep[];
}

/** Of each value the steps that have it. */
function valuesOf({ sensor, steps }: HistorySeries): readonly SeriesValue[] {
  const byName = new Map<string, PlotStep[]>();
  for (const { timeMs, stepMs, values } of steps) {
    for (const [name, value] of values) {
      const list = byName.get(name) ?? [];
      if (list.length === 0) byName.set(name, list);
      list.push({ timeMs, stepMs, ...value });
    }
  }
  return [...byName].map(([name, ofName]) => {
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const step of ofName) [min, max] = [Math.min(min, step.min), Math.max(max, step.max)];
    const scale = scaleOf(sensor, name, { min, max });
    const unit = scale.unit === '' ? '' : ` ${scale.unit}`;
    return {
      name,
      scale,
      title: `${shown(name)}${unit}`,
      isConstant: min === max,
      constantText: `${shown(name)} ${scale.show(min)}${unit}`,
      steps: ofName,
    };
  });
}

function moreText(more: ReadonlyMap<string, number>): string {
  const count = [...more.values()].reduce((sum, ofSensor) => sum + ofSensor, 0);
  const sensors = [...more].slice(0, 8).map(([sensor, ofSensor]) => `${shown(sensor)} (${ofSensor})`);
  return `${count} more series are left out: ${sensors.join(', ')}${more.size > sensors.length ? ' and others' : ''}; choose with --sensor and --id, or take --json for all.`;
}

/** A sentence that says that there is nothing, and what there is. */
function nothing(
  unit: Unit,
  gaps: readonly Gap[],
  { asked, span, times }: { readonly asked: AskedHistory; readonly span: string; readonly times: LocalTimes },
): string {
  const { sensor, id } = asked;
  const what = sensor === undefined ? '' : ` of ${seriesName({ sensor, id })}`;
  const ofId = sensor === undefined && id !== undefined ? ` with the id ${shown(id)}` : '';
  const notes = gaps.map((gap) => `${gapNote(gap, times)}\n`).join('');
  return `${shown(unit.name)} has no readings${what}${ofId} from ${span}; ${newest(unit, asked, times)}\n${notes}`;
}

function newest({ latest }: Unit, { sensor, id }: HistoryCommand, times: LocalTimes): string {
  const readings = Object.values(latest).flat();
  const wanted = readings.filter(
    (reading) => (sensor === undefined || reading['sensor'] === sensor) && (id === undefined || reading['id'] === id),
  );
  const newestMs = Math.max(...wanted.map(({ time }) => Number(time)));
  if (Number.isFinite(newestMs)) return `the newest is of ${times.dated(newestMs)}: move --from and --to.`;
  if (readings.length === 0) return 'none has come since the server started: try an earlier --from.';
  const names = new Set(
    readings.map((reading) => {
      const ofId = reading['id'] === undefined ? undefined : String(reading['id']);
      return seriesName({ sensor: String(reading['sensor']), id: ofId });
    }),
  );
  const listed = [...names].slice(0, 8);
  return `it has sent ${listed.join(', ')}${names.size > listed.length ? ' and others' : ''}.`;
}
