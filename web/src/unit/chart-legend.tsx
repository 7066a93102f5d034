import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { anyValue } from '../format/quantities.ts';
import { isOld } from '../../../src/core/freshness.ts';
import { second } from '../live/second.ts';
import type { ChartGroup, LabelledLine } from './chart-group.ts';
import { chartTheme } from './chart-theme.ts';
import { isShown } from './chosen-lines.ts';
import { columnsALine, type Columns } from './columns.ts';
import { lookOf } from './palette.ts';
import type { UnitModel } from './unit-model.ts';

interface LegendProps {
  readonly model: UnitModel;
  readonly group: ChartGroup;
  readonly columns: Columns;
  readonly hovered: Signal<readonly (number | null)[]>;
}

/** What each line is, and its value at the cursor, or else its last one; each switches its line off and on. */
export function ChartLegend({ model, group, columns, hovered }: LegendProps): JSX.Element {
  const dark = chartTheme.value?.dark ?? false;
  const idxs = hovered.value;
  return (
    <ul class="unit-legend">
      {group.lines.map((line, index) => {
        const { colour, dash } = lookOf(index, dark);
        const first = 1 + index * columnsALine;
        const at = idxs[first + 2];
        const shown = isShown(line.key, model.chosen.value);
        return (
          <li key={line.key}>
            <button type="button" aria-pressed={shown} onClick={() => model.switchLine(line.key)}>
              <svg viewBox="0 0 18 4" width="18" height="4" aria-hidden="true">
                <path d="M0 2H18" stroke={colour} stroke-width="3" stroke-dasharray={dash.join(' ')} />
              </svg>
              <span class="unit-legend-label">{line.label}</span>
              {idxs.length > 0 ? (
                <span>
                  {hoverWords(
                    line.name,
                    [0, 1, 2].map((column) => cellOf(columns, first + column, at)),
                  )}
                </span>
              ) : (
                <LastValue model={model} line={line} />
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** The last one in the range. Where the range ends now, it is old as any value of the unit is. */
function LastValue({ model, line }: { readonly model: UnitModel; readonly line: LabelledLine }): JSX.Element {
  const last = line.points.at(-1);
  if (last === undefined) return <span>–</span>;
  const row = model.row.value;
  const isPast = model.range.value.endMs === undefined && row !== undefined && isOld(row, endOf(last), second.value);
  return (
    <span class={isPast ? 'old' : ''} title={isPast ? 'old' : undefined}>
      {anyValue(line.name, last.avg)}
    </span>
  );
}

/** It was measured at some time in its step, and is no older than the beginning and no newer than the end of it. */
function endOf({ timeMs, stepMs }: { readonly timeMs: number; readonly stepMs: number }): number {
  return timeMs + stepMs;
}

function cellOf(columns: Columns, column: number, index: number | null | undefined): number | undefined {
  const cell = index === null || index === undefined ? undefined : columns[column]?.[index];
  return cell ?? undefined;
}

function hoverWords(name: string, [max, min, avg]: readonly (number | undefined)[]): string {
  if (avg === undefined || min === undefined || max === undefined) return '–';
  const mean = anyValue(name, avg);
  const [low, high] = [anyValue(name, min), anyValue(name, max)];
  return low === high ? mean : `${mean} (${low} – ${high})`;
}
