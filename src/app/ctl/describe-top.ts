import type { Argv } from 'yargs';
import { badUsage } from './arguments.ts';
import type { TopCommand } from './command.ts';

const sorts = [
  'worst',
  'name',
  'cpu_temp',
  'ram',
  'disk',
  'cpu',
  'seen',
] as const satisfies readonly TopCommand['sort'][];
const everySecondsMin = 0.5;
const everySecondsMax = 86_400;

/** Adds `top` to the command line. */
export function describeTop(
  line: Argv<{ json: boolean }>,
  found: (command: TopCommand) => void,
): Argv<{ json: boolean }> {
  return line.command(
    'top',
    'Watch the fleet as it changes, the hottest and fullest first',
    (options) =>
      options
        .option('sort', { choices: sorts, default: 'worst' as const, describe: 'What comes first' })
        .option('filter', {
          type: 'string',
          nargs: 1,
          default: '',
          describe: 'Only units with these words in name, state or tags',
          defaultDescription: 'all',
        })
        .option('once', { type: 'boolean', default: false, describe: 'Print it once', defaultDescription: 'no' })
        .option('every', {
          type: 'string',
          nargs: 1,
          default: '5',
          describe: 'Seconds between two tables, where there is no terminal',
        })
        .epilogue(
          'Keys: w n t c r d s sort, / filters, arrows choose, Enter opens a unit with its plots, Esc goes back, q ends.',
        )
        .example('$0 top --filter site=berlin', 'the units with this tag')
        .example('$0 top --once --sort disk', 'a table, the fullest disk first')
        .example('$0 top --json', "the API's fleet, a line of JSON every 5 s"),
    ({ sort, filter, once, every, json }) => {
      const seconds = /^\d+(\.\d+)?$/.test(every) ? Number(every) : Number.NaN;
      if (!(seconds >= everySecondsMin && seconds <= everySecondsMax))
        throw badUsage(
          `--every is "${every}"; it is a number of seconds from ${everySecondsMin} to ${everySecondsMax}, for example 5.`,
        );
      found({ type: 'top', sort, filter, once, everyMs: seconds * 1000, json });
    },
  );
}
