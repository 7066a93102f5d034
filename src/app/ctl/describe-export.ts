import type { Argv } from 'yargs';
import { badUsage, timeMs } from './arguments.ts';
import type { ExportCommand } from './command.ts';

/** Adds `export` to the command line. */
export function describeExport(
  line: Argv<{ json: boolean }>,
  found: (command: ExportCommand) => void,
): Argv<{ json: boolean }> {
  return line.command(
    'export',
    'Print the readings that the server keeps: unit after unit by name, each in order of time',
    (options) =>
      options
        .option('unit', { type: 'string', nargs: 1, describe: "Of this unit alone: a unit's name or client_id" })
        .option('from', {
          type: 'string',
          nargs: 1,
          describe: 'Only those taken at this time or later: 2026-11-21T10:00:00Z, milliseconds since 1970, or -2h',
        })
        .option('to', { type: 'string', nargs: 1, describe: 'Only those taken before this time' })
        .option('json', { type: 'boolean', default: false, describe: 'One reading a line', defaultDescription: 'no' })
        .option('csv', {
          type: 'boolean',
          default: false,
          describe: 'A table with a line for each value',
          defaultDescription: 'no',
        })
        .epilogue('Times are compared with those of the readings, which are by the clock of their unit.')
        .example('$0 export --json --from -1d > day.jsonl', 'one JSON object a line')
        .example('$0 export --unit bench-03 --csv > it.csv', 'for a spreadsheet'),
    ({ unit, from, to, json, csv }) => {
      if (json === csv) throw badUsage('export needs one of --json and --csv.');
      const nowMs = Date.now();
      const fromMs = from === undefined ? undefined : timeMs(from, '--from', nowMs);
      const toMs = to === undefined ? undefined : timeMs(to, '--to', nowMs);
      if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) throw badUsage('--from is not before --to.');
      found({ type: 'export', name: unit, fromMs, toMs, format: csv ? 'csv' : 'ndjson' });
    },
  );
}
