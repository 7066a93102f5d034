import type uPlot from 'uplot';
import type { ChartGroup } from './chart-group.ts';
import type { ChartTheme } from './chart-theme.ts';
import { concerns, type GapSpan } from './gap-span.ts';
import type { TimeSpan } from './view-range.ts';

/** Those that lie in a chart: of all sensors, or of one of its lines. */
export function gapsOfChart(gaps: readonly GapSpan[], { lines }: ChartGroup): readonly GapSpan[] {
  return gaps.filter((gap) => lines.some((line) => concerns(gap, line)));
}

/** The one that lies at a time; of several the one that says most, which is the shortest. */
export function gapAt(gaps: readonly GapSpan[], timeMs: number): GapSpan | undefined {
  return gaps
    .filter(({ fromMs, toMs }) => fromMs <= timeMs && timeMs <= toMs)
    .toSorted((one, other) => one.toMs - one.fromMs - (other.toMs - other.fromMs))[0];
}

/** Narrower ones could not be seen. Pixels of the canvas. */
const widthPxMin = 2;

/** Shades gaps on the ground of a chart: what came later after all lightly, without the bar above. */
export function shadeGaps(
  plot: Pick<uPlot, 'ctx' | 'bbox' | 'valToPos'>,
  gaps: readonly GapSpan[],
  { theme, span: { fromMs, toMs } }: { readonly theme: ChartTheme; readonly span: TimeSpan },
): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = theme.quiet;
  for (const gap of gaps) {
    if (gap.toMs <= fromMs || gap.fromMs >= toMs) continue;
    const left = plot.valToPos(Math.max(gap.fromMs, fromMs), 'x', true);
    const right = plot.valToPos(Math.min(gap.toMs, toMs), 'x', true);
    const width = Math.max(widthPxMin, right - left);
    const filled = gap.reason === 'link-down';
    ctx.globalAlpha = filled ? 0.07 : 0.2;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = filled ? 0.25 : 0.8;
    ctx.fillRect(left, bbox.top, width, filled ? 1 : 4);
  }
  ctx.restore();
}
