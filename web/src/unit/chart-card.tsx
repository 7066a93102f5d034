import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { When } from '../ui/when.tsx';
import type { ChartGroup } from './chart-group.ts';
import { ChartLegend } from './chart-legend.tsx';
import { ChartPlot } from './chart-plot.tsx';
import { ChartTable } from './chart-table.tsx';
import { isShown } from './chosen-lines.ts';
import { columnsOf } from './columns.ts';
import { gapsOfChart } from './gap-shading.ts';
import { lineSummary } from './line-summary.ts';
import type { UnitModel } from './unit-model.ts';

/** One chart: its lines, what they are, what they say in words and as a table. */
export function ChartCard({ model, group }: { readonly model: UnitModel; readonly group: ChartGroup }): JSX.Element {
  const allGaps = model.history.gaps.value;
  const gaps = useMemo(() => gapsOfChart(allGaps, group), [allGaps, group]);
  const columns = useMemo(() => columnsOf(group.lines, gaps), [group, gaps]);
  /** Of each column of the chart, which point the cursor is at. */
  const hovered = useSignal<readonly (number | null)[]>([]);
  const hoverMs = model.hoverMs.value;
  const shown = group.lines.filter(({ key }) => isShown(key, model.chosen.value));
  const span = model.span.value;
  const summary = shown.map((line) => lineSummary(line, span)).join('. ');
  return (
    <section class="card unit-chart">
      <header class="unit-chart-head">
        <h3>{group.title}</h3>
        <span class="quiet" aria-hidden="true">
          {hoverMs !== undefined && <When ms={hoverMs} />}
        </span>
      </header>
      <div role="img" aria-label={`${group.title}. ${summary === '' ? 'All lines are switched off' : summary}.`}>
        <ChartPlot model={model} group={group} gaps={gaps} columns={columns} hovered={hovered} />
      </div>
      <ChartLegend model={model} group={group} columns={columns} hovered={hovered} />
      <ChartTable group={group} span={span} />
    </section>
  );
}
