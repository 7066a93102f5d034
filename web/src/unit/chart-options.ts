import type uPlot from 'uplot';
import { anyValue } from '../format/quantities.ts';
import { axisTimes } from './axis-times.ts';
import type { ChartGroup } from './chart-group.ts';
import type { ChartTheme } from './chart-theme.ts';
import { columnsALine } from './columns.ts';
import { faint, lookOf } from './palette.ts';
import type { ValueKind } from './value-kind.ts';
import type { TimeSpan } from './view-range.ts';

/** Room for the values beside the axis, and at the other end: the same in each chart, and in the track of events above them. CSS pixels. */
export const chartInsets = { left: 68, right: 12 } as const;

export interface ChartWishes {
  readonly group: ChartGroup;
  readonly shown: (key: string) => boolean;
  readonly theme: ChartTheme;
  readonly width: number;
  readonly height: number;
  /** Asked whenever it is drawn. */
  readonly span: () => TimeSpan;
  readonly hooks: uPlot.Hooks.Arrays;
  readonly drag: boolean;
}

/** Charts of one page move their cursors together. */
const syncKey = 'unit';

/** Whose bands would lie upon each other, has none. */
const bandsMax = 8;

export function chartOptions(wishes: ChartWishes): uPlot.Options {
  const { group, theme, width, height, span, hooks, drag } = wishes;
  const grid = { stroke: theme.line, width: 1 };
  const axis = { stroke: theme.quiet, font: theme.font, grid, ticks: { ...grid, size: 4 } };
  return {
    width,
    height,
    ms: 1,
    padding: [10, chartInsets.right, null, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: drag, y: false, setScale: false, dist: 4 },
      // What somebody drags in one chart is wanted once, not once a chart.
      sync: { key: syncKey, filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
    },
    scales: {
      x: {
        time: true,
        range: () => {
          const { fromMs, toMs } = span();
          return [fromMs, toMs];
        },
      },
      y: { range: (_, min, max) => [...rangeOfValues(group.kind, min, max)] },
    },
    axes: [
      {
        ...axis,
        size: 30,
        space: 76,
        values: (_, splits, _axis, _space, apart) => [...axisTimes(splits, apart)],
      },
      {
        ...axis,
        size: chartInsets.left,
        values: (_, splits) => splits.map((value) => anyValue(group.lines[0]?.name ?? '', value)),
        ...(group.kind === 'bytes' && { incrs: byteIncrements }),
      },
    ],
    series: [{}, ...group.lines.flatMap((line, index) => seriesOf(wishes, line.key, index))],
    bands: bandsOf(wishes),
    hooks,
  };
}

/** The mean, and around it what the band lies between. */
function seriesOf({ shown, theme }: ChartWishes, key: string, index: number): readonly uPlot.Series[] {
  const { colour, dash } = lookOf(index, theme.dark);
  const show = shown(key);
  const edge: uPlot.Series = { show, width: 0, stroke: 'transparent', points: { show: false } };
  const mean: uPlot.Series = { show, width: 1.75, stroke: colour, dash: [...dash], points: { size: 5, fill: colour } };
  return [edge, edge, mean];
}

function bandsOf({ group, shown, theme }: ChartWishes): uPlot.Band[] {
  if (group.lines.filter(({ key }) => shown(key)).length > bandsMax) return [];
  return group.lines.map((_, index) => {
    const greatest = 1 + index * columnsALine;
    return { series: [greatest, greatest + 1], fill: faint(lookOf(index, theme.dark).colour, 0.2) };
  });
}

/** Parts and amounts are shown from nothing, so that heights can be compared; of temperatures only where they move. */
function rangeOfValues(kind: ValueKind, min: number | null, max: number | null): readonly [number, number] {
  if (kind === 'ratio') return [Math.min(0, min ?? 0), Math.max(1, max ?? 1)];
  if (min === null || max === null) return [0, 1];
  if (kind === 'celsius') {
    const middle = (min + max) / 2;
    const half = Math.max(5, ((max - min) / 2) * 1.1);
    return [middle - half, middle + half];
  }
  const most = Math.max(max, 0);
  return [Math.min(min * 1.05, 0), most === 0 && min === 0 ? 1 : most * 1.05];
}

/** 1, 2, 4 … 512 of each unit, up to 512 PiB. */
const byteIncrements = Array.from({ length: 60 }, (_, power) => 2 ** power);
