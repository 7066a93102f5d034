import type { Argv } from 'yargs';
import { badUsage, timeMs } from './arguments.ts';
import type { PageCommand } from './command.ts';

const usualRangeMs = 86_400_000;

/** Adds `page` to the command line. */
export function describePage(
  line: Argv<{ json: boolean }>,
  found: (command: PageCommand) => void,
): Argv<{ json: boolean }> {
  return line.command(
    'page',
    'Write the fleet, or one unit with its charts, as a page that opens without a server: one HTML file',
    (options) =>
      options
        .option('out', {
          type: 'string',
          nargs: 1,
          demandOption: true,
          describe: 'The file to write, or - for standard output; one that is there is replaced',
        })
        .option('unit', { type: 'string', nargs: 1, describe: 'This unit alone, with its charts' })
        .option('from', {
          type: 'string',
          nargs: 1,
          describe: 'The beginning of the charts: 2026-11-21T10:00:00Z, milliseconds since 1970, or -2h',
          defaultDescription: 'a day before its end',
        })
        .option('to', { type: 'string', nargs: 1, describe: 'Their end', defaultDescription: 'now' })
        .example('$0 page --out fleet.html', 'the fleet as it is now')
        .example('$0 page --unit bench-03 --from -7d --out report.html', 'a week of one unit'),
    ({ out, unit, from, to }) => {
      if (unit === undefined && (from !== undefined || to !== undefined))
        throw badUsage('--from and --to are of the charts of one unit: add --unit NAME.');
      const nowMs = Date.now();
      const toMs = to === undefined ? nowMs : timeMs(to, '--to', nowMs);
      const fromMs = from === undefined ? toMs - usualRangeMs : timeMs(from, '--from', nowMs);
      if (fromMs >= toMs) throw badUsage('--from is not before --to.');
      found({ type: 'page', out, unit, fromMs, toMs });
    },
  );
}
