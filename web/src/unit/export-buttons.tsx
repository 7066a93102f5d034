import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { localTime } from '../format/times.ts';
import { chartCanvases } from './chart-canvases.ts';
import { csvOf } from './chart-csv.ts';
import type { ChartGroup } from './chart-group.ts';
import { pictureOf, type PictureChart } from './chart-picture.ts';
import { chartTheme } from './chart-theme.ts';
import { isShown } from './chosen-lines.ts';
import { download } from './download.ts';
import { fileName } from './file-name.ts';
import { lookOf } from './palette.ts';
import type { UnitModel } from './unit-model.ts';

/** What is shown, as a file. */
export function ExportButtons({
  model,
  groups,
}: {
  readonly model: UnitModel;
  readonly groups: readonly ChartGroup[];
}): JSX.Element {
  const fault = useSignal('');
  const unit = model.row.value?.name ?? model.clientId;
  const chosen = model.chosen.value;
  const saveCsv = (): void => {
    const span = model.span.peek();
    const lines = groups.flatMap((group) => group.lines).filter(({ key }) => isShown(key, chosen));
    const text = csvOf(lines, { unit, clientId: model.clientId, span });
    download(new Blob([text], { type: 'text/csv;charset=utf-8' }), fileName(unit, span, 'csv'));
  };
  const savePng = async (): Promise<void> => {
    const span = model.span.peek();
    const theme = chartTheme.peek();
    if (theme === undefined) return;
    const charts = groups.flatMap(({ key, title, lines }): PictureChart[] => {
      const canvas = chartCanvases.get(key);
      const entries = lines.map((line, index) => ({
        key: line.key,
        label: line.label,
        look: lookOf(index, theme.dark),
      }));
      return canvas === undefined
        ? []
        : [{ title, canvas, entries: entries.filter((entry) => isShown(entry.key, chosen)) }];
    });
    const subtitle = `${localTime(span.fromMs)} – ${localTime(span.toMs)}`;
    const blob = await pictureOf({ title: unit, subtitle, charts, theme });
    download(blob, fileName(unit, span, 'png'));
  };
  const save = (): void => {
    fault.value = '';
    savePng().catch((error: unknown) => {
      fault.value = error instanceof Error ? error.message : String(error);
    });
  };
  return (
    <p class="unit-export">
      <button type="button" onClick={saveCsv}>
        Save as CSV
      </button>
      <button type="button" onClick={save}>
        Save as picture
      </button>
      {fault.value !== '' && <span role="alert">The picture could not be made: {fault.value}</span>}
    </p>
  );
}
