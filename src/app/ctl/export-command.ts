import { CodedError } from '../../core/coded-error.ts';
import { reasonOf } from '../../core/system-error.ts';
import type { ApiClient } from './api-client.ts';
import type { ExportCommand } from './command.ts';
import { shown } from './figures.ts';
import { findUnit } from './find-unit.ts';
import type { Output } from './output.ts';
import type { Patience } from './patience.ts';
import { printableText } from './printable-json.ts';
import { textOf } from './text-stream.ts';

const types = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;
/** No reading as a line is near this; a server that sends no end of one is not ours. */
const lineCharactersMax = 1_048_576;

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
  for (const { name: unit, client_id: clientId } of units) {
    const path = `api/v1/units/${encodeURIComponent(clientId)}/readings?${query.toString()}`;
    const answer = await api.retry(() => api.stream(path, types[format], ended));
    try {
      for await (const lines of wholeLines(textOf(answer, patience.silenceMsMax))) {
        // Each unit's table begins with the titles of its columns; one of them is enough.
        const text = skipsHead ? lines.slice(lines.indexOf('\n') + 1) : lines;
        skipsHead = false;
        await output.print(printableText(text));
        ended.throwIfAborted();
      }
    } catch (cause) {
      if (ended.aborted) throw cause;
      throw broken(unit, cause);
    }
    skipsHead = format === 'csv';
  }
  if (units.length === 0) output.say('no unit has registered yet, so there are no readings.');
  return 0;
}

async function* wholeLines(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    rest += text;
    const end = rest.lastIndexOf('\n') + 1;
    if (end > 0) yield rest.slice(0, end);
    rest = rest.slice(end);
    if (rest.length > lineCharactersMax)
      throw new CodedError('api-not-telemetry', 'The answer has a line without an end; is --api right?');
  }
}

function broken(unit: string, cause: unknown): CodedError {
  const reason = cause instanceof Error && cause.cause !== undefined ? reasonOf(cause.cause) : reasonOf(cause);
  return new CodedError(
    'api-answer-broken',
    `The readings of ${shown(unit)} ended early (${reason}), so what was printed is not all; try again, and see the log of the server.`,
    { cause },
  );
}
