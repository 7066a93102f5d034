import { wholeSteps } from '../../store/step-values.ts';
import type { Gap, Unit } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import { painter } from './colour.ts';
import type { HistoryCommand } from './command.ts';
import { findUnit } from './find-unit.ts';
import { historyReport, type AskedHistory } from './history-report.ts';
import { collectHistory } from './history-series.ts';
import { localTimes } from './local-times.ts';
import type { Output, TerminalLook } from './output.ts';
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
  if (!command.json) {
    const { look, colour, ended } = output;
    await output.print(await historyText(api, unit, { command, patience, look, colour, ended }));
    return 0;
  }
  const { gaps, lines } = await ask(api, unit, { command, patience, ended: output.ended });
  await output.print(gaps.map((gap) => gapLine(unit, gap)).join(''));
  for await (const text of lines) await output.print(printableText(text));
  return 0;
}

interface HistoryRequest {
  readonly command: HistoryCommand;
  readonly patience: Patience;
  readonly ended: AbortSignal;
}

/** Plots and tables of what a unit has measured. */
export async function historyText(
  api: ApiClient,
  unit: Unit,
  { look, colour, ...request }: HistoryRequest & { readonly look: TerminalLook; readonly colour: boolean },
): Promise<string> {
  const { asked, gaps, lines } = await ask(api, unit, request);
  const { historyStep } = await import('./api-answers.ts');
  const history = await collectHistory(lines, (line) => historyStep.safeParse(line).data, asked.stepMs);
  return historyReport(history, { unit, gaps, asked }, { ...look, paint: painter(colour), times: localTimes(asked) });
}

/** Asks for gaps and steps. */
async function ask(
  api: ApiClient,
  unit: Unit,
  { command, patience, ended }: HistoryRequest,
): Promise<{
  readonly asked: AskedHistory;
  readonly gaps: readonly Gap[];
  readonly lines: Awaited<ReturnType<typeof readingLines>>;
}> {
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
  const { silenceMsMax } = patience;
  const lines = await readingLines(api, { unit, query, type: 'application/x-ndjson', silenceMsMax, ended });
  return { asked, gaps, lines };
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
