import { wholeSteps } from '../../store/step-values.ts';
import type { Gap, Unit } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import { painter } from './colour.ts';
import type { HistoryCommand } from './command.ts';
import { findUnit } from './find-unit.ts';
import { historyReport } from './history-report.ts';
import { collectHistory } from './history-series.ts';
import { localTimes } from './local-times.ts';
import type { Output } from './output.ts';
import type { Patience } from './patience.ts';
import { printableJson, printableText } from './printable-json.ts';
import { readingLines } from './reading-lines.ts';
import { usualStepMs } from './step-choice.ts';

/** `telemetryctl history NAME`: what was measured over time, as plots and tables, with the gaps and their reasons. */
export async function showHistory(
  api: ApiClient,
  output: Output,
  command: HistoryCommand,
  patience: Patience,
): Promise<0> {
  const unit = await findUnit(api, command.name);
  const stepMs = command.stepMs ?? usualStepMs(command.toMs - command.fromMs, unit.interval.confirmed * 1000);
  const { fromMs, toMs } = wholeSteps({ ...command, stepMs });
  const asked = { ...command, fromMs, toMs, stepMs };
  const { sensor, id } = asked;
  const range = { from: String(fromMs), to: String(toMs) };
  const query = new URLSearchParams({
    ...range,
    step: String(stepMs / 1000),
    ...(sensor !== undefined && { sensor }),
    ...(id !== undefined && { id }),
  });
  const path = `api/v1/units/${encodeURIComponent(unit.client_id)}/gaps?${new URLSearchParams(range).toString()}`;
  const { body } = await api.get(path, (answers) => answers.gaps);
  const gaps = body.filter((gap) => mayConcern(gap, asked));
  const lines = await readingLines(api, {
    unit,
    query,
    type: 'application/x-ndjson',
    silenceMsMax: patience.silenceMsMax,
    ended: output.ended,
  });
  if (command.json) {
    await output.print(gaps.map((gap) => gapLine(unit, gap)).join(''));
    for await (const text of lines) await output.print(printableText(text));
    return 0;
  }
  const { historyStep } = await import('./api-answers.ts');
  const history = await collectHistory(lines, (line) => historyStep.safeParse(line).data, stepMs);
  const look = { ...output.look, paint: painter(output.colour), times: localTimes(asked) };
  await output.print(historyReport(history, { unit, gaps, asked }, look));
  return 0;
}

/** A gap of the whole unit, or of a series that was asked for. */
function mayConcern(gap: Gap, { sensor, id }: HistoryCommand): boolean {
  if (gap.sensor === undefined) return true;
  return (sensor === undefined || gap.sensor === sensor) && (id === undefined || gap.id === id);
}

/** A gap among the lines of `--json`: `event` is the name of no value. */
function gapLine({ name, client_id: clientId }: Unit, gap: Gap): string {
  return `${printableJson({ unit: name, client_id: clientId, event: 'gap', ...gap })}\n`;
}
