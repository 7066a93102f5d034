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
  return 0;
}
