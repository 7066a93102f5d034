import { CodedError } from '../../core/coded-error.ts';
import type { ApiClient } from './api-client.ts';
import type { ExportCommand } from './command.ts';
import { findUnit } from './find-unit.ts';
import type { Output } from './output.ts';
import type { Patience } from './patience.ts';
import { printableText } from './printable-json.ts';
import { readingLines } from './reading-lines.ts';

const types = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;

/** `telemetryctl export`: unit after unit by name, as the API gives them. What is printed ends with a whole line, whatever happens. */
export async function exportReadings(
  api: ApiClient,
  output: Output,
  { name, fromMs, toMs, format }: ExportCommand,
  patience: Patience,
): Promise<0> {
  const { ended } = output;
  const units =
    name === undefined ? (await api.get('api/v1/units', ({ units: all }) => all)).body : [await findUnit(api, name)];
  const query = new URLSearchParams({
    ...(fromMs !== undefined && { from: String(fromMs) }),
    ...(toMs !== undefined && { to: String(toMs) }),
  });
  const leftOutBefore = await leftOut(api);
  let skipsHead = false;
  for (const unit of units) {
    const options = { unit, query, type: types[format], silenceMsMax: patience.silenceMsMax, ended };
    for await (const lines of await readingLines(api, options)) {
      // Each unit's table begins with the titles of its columns; one of them is enough.
      const text = skipsHead ? lines.slice(lines.indexOf('\n') + 1) : lines;
      skipsHead = false;
      await output.print(printableText(text));
    }
    skipsHead = format === 'csv';
  }
  if (units.length === 0) output.say('no unit has registered yet, so there are no readings.');
  if ((await leftOut(api)) > leftOutBefore) {
    throw new CodedError(
      'readings-left-out',
      'What was printed is not all: the server came upon readings that it cannot read, and left them out. `telemetryctl store check` tells what is damaged.',
    );
  }
  return 0;
}

/** How many blocks and chunks queries have left out so far. A server that is not ready does not tell. */
async function leftOut(api: ApiClient): Promise<number> {
  try {
    const { body } = await api.get('readyz', ({ readiness }) => readiness);
    return body.left_out ?? 0;
  } catch (error) {
    if (error instanceof CodedError && error.code !== 'api-unreachable') return 0;
    throw error;
  }
}
