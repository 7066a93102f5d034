import type { HistorySeries } from './history-series.ts';
import type { LocalTimes } from './local-times.ts';
import { stepText } from './step-choice.ts';
import { table } from './table.ts';
import type { Scale } from './value-scale.ts';

/** Lines that stand between two steps: where they belong, and what they say. */
export interface Note {
  readonly fromMs: number;
  readonly text: string;
}

export interface StepTableOptions {
  readonly times: LocalTimes;
  readonly stepMs: number;
  /** By the names of the values, in the order of the columns. */
  readonly scales: ReadonlyMap<string, Scale>;
  /** In order of time. */
  readonly notes: readonly Note[];
  /** What a line may have. */
  readonly columns: number;
}

interface Group {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly width: number;
}

/**
 * The steps of one series as a table, least, mean and most of each value, with the notes in their place. Where its columns do not fit a line, they stand below each
 * other, each part with the times.
 */
export function stepTable({ steps }: Pick<HistorySeries, 'steps'>, options: StepTableOptions): string {
  const { times, stepMs, scales, notes, columns } = options;
  // A step that is longer than was asked for says so: nothing finer is left of its time.
  const beginnings = steps.map((step) =>
    step.stepMs === stepMs ? times.step(step.timeMs) : `${times.step(step.timeMs)} (${stepText(step.stepMs)})`,
  );
  const timeWidth = Math.max('TIME'.length, ...beginnings.map((text) => text.length));
  const groups = [...scales].map(([name, { unit, show }]) => {
    const titles = [`${unit === '' ? name : `${name} ${unit}`} min`, 'avg', 'max'];
    const rows = steps.map(({ values }) => {
      const value = values.get(name);
      return value === undefined ? ['-', '-', '-'] : [show(value.min), show(value.avg), show(value.max)];
    });
    return { titles, rows, width: widthOf([titles, ...rows]) };
  });

  return partsOf(groups, columns - timeWidth)
    .map((part) => {
      const titles = part.flatMap((group) => group.titles);
      const rows = beginnings.map((time, index) => [time].concat(...part.map((group) => group.rows[index] ?? [])));
      const [head = '', ...lines] = table(
        [{ title: 'TIME', align: 'left' }, ...titles.map((title) => ({ title, align: 'right' }) as const)],
        rows,
      ).match(/.*\n/g) ?? [''];
      return head + withNotes(lines, steps, notes);
    })
    .join('\n');
}

/** As many side by side as fit, one at least. */
function partsOf(groups: readonly Group[], columns: number): readonly (readonly Group[])[] {
  const parts: Group[][] = [];
  let left = 0;
  for (const group of groups) {
    const part = parts.at(-1);
    if (part === undefined || group.width > left) {
      parts.push([group]);
      left = columns - group.width;
    } else {
      part.push(group);
      left -= group.width;
    }
  }
  return parts;
}

/** With the two spaces before each column. */
function widthOf(lines: readonly (readonly string[])[]): number {
  return [0, 1, 2].reduce((sum, index) => sum + 2 + Math.max(...lines.map((line) => line[index]?.length ?? 0)), 0);
}

/** A note stands before the first step that begins after it. */
function withNotes(lines: readonly string[], steps: HistorySeries['steps'], notes: readonly Note[]): string {
  let text = '';
  let told = 0;
  const tellUntil = (ms: number): void => {
    for (let note = notes[told]; note !== undefined && note.fromMs < ms; note = notes[told]) {
      text += `${note.text}\n`;
      told += 1;
    }
  };
  for (const [index, line] of lines.entries()) {
    tellUntil(steps[index]?.timeMs ?? Number.POSITIVE_INFINITY);
    text += line;
  }
  tellUntil(Number.POSITIVE_INFINITY);
  return text;
}
