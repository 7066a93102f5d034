import { batch, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartCanvases } from './chart-canvases.ts';
import type { ChartGroup } from './chart-group.ts';
import { chartInsets, chartOptions } from './chart-options.ts';
import { chartTheme, type ChartTheme } from './chart-theme.ts';
import { isShown } from './chosen-lines.ts';
import type { Columns } from './columns.ts';
import { gapAt, shadeGaps } from './gap-shading.ts';
import type { GapSpan } from './gap-span.ts';
import { gapWords } from './gap-words.ts';
import type { UnitModel } from './unit-model.ts';
import { draggedTo } from './view-range.ts';

interface PlotProps {
  readonly model: UnitModel;
  readonly group: ChartGroup;
  readonly gaps: readonly GapSpan[];
  readonly columns: Columns;
  readonly hovered: Signal<readonly (number | null)[]>;
}

const heightPx = 200;

/** The canvas of a chart. It is made anew where its lines or colours change, and else only drawn again. */
export function ChartPlot(props: PlotProps): JSX.Element {
  const { model, group, gaps, columns } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const newest = useRef(props);
  newest.current = props;
  const theme = chartTheme.value;
  const width = model.widthPx.value;
  const chosen = model.chosen.value;
  const lines = group.lines.map(({ key }) => `${key} ${isShown(key, chosen)}`).join('\n');

  useEffect(() => {
    if (place.current === null || theme === undefined || width === 0) return undefined;
    const shown = (key: string): boolean => isShown(key, chosen);
    const span = (): ReturnType<UnitModel['span']['peek']> => model.span.peek();
    const wishes = { group, shown, theme, width, height: heightPx, span, drag: !model.fixed };
    const made = new uPlot(
      chartOptions({ ...wishes, hooks: hooksOf(newest, theme) }),
      // uPlot takes undefined for a point of another line, which its type of the data says as well.
      newest.current.columns,
      place.current,
    );
    plot.current = made;
    chartCanvases.set(group.key, made.ctx.canvas);
    return () => {
      chartCanvases.delete(group.key);
      plot.current = undefined;
      made.destroy();
    };
  }, [lines, theme, width]);

  const { fromMs, toMs } = model.span.value;
  useEffect(() => {
    // It asks for the span again.
    plot.current?.setData(columns);
  }, [columns, gaps, fromMs, toMs]);

  return (
    <div class="unit-plot">
      <div ref={place} />
      <GapTip model={model} gaps={gaps} />
    </div>
  );
}

function hooksOf(newest: { readonly current: PlotProps }, theme: ChartTheme): uPlot.Hooks.Arrays {
  return {
    drawClear: [(plot) => shadeGaps(plot, newest.current.gaps, { theme, span: newest.current.model.span.peek() })],
    setCursor: [
      (plot) => {
        const { model, hovered } = newest.current;
        const { left = -1, idxs = [] } = plot.cursor;
        batch(() => {
          model.hoverMs.value = left < 0 ? undefined : Math.round(plot.posToVal(left, 'x'));
          hovered.value = left < 0 ? [] : [...idxs];
        });
      },
    ],
    setSelect: [
      (plot) => {
        const { left, width } = plot.select;
        if (width <= 0) return;
        const fromMs = plot.posToVal(left, 'x');
        const toMs = plot.posToVal(left + width, 'x');
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        newest.current.model.show(draggedTo(fromMs, toMs));
      },
    ],
  };
}

/** Why nothing is drawn where the cursor is. */
function GapTip({ model, gaps }: Pick<PlotProps, 'model' | 'gaps'>): JSX.Element | null {
  const at = model.hoverMs.value;
  const gap = at === undefined ? undefined : gapAt(gaps, at);
  if (gap === undefined || at === undefined) return null;
  const { fromMs, toMs } = model.span.value;
  const part = (at - fromMs) / (toMs - fromMs);
  const side = part < 0.5 ? 'left' : 'right';
  const room = model.widthPx.value - chartInsets.left - chartInsets.right;
  const px = part < 0.5 ? chartInsets.left + part * room + 12 : chartInsets.right + (1 - part) * room + 12;
  return (
    <p class="unit-gap-tip" style={{ [side]: `${px}px` }}>
      {gapWords(gap, model.nowMs())}
    </p>
  );
}
