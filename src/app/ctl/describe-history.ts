import type { Argv } from 'yargs';
import { badUsage, stepLengthMs, timeMs } from './arguments.ts';
import type { HistoryCommand } from './command.ts';

const usualRangeMs = 7_200_000;

/** Adds `history` to the command line. */
export function describeHistory(
  line: Argv<{ json: boolean }>,
  found: (command: HistoryCommand) => void,
): Argv<{ json: boolean }> {
  return line.command(
    'history <name>',
    'Show what a unit has measured over time: a plot and a table of each series, and why readings are missing',
    (options) =>
      options
        .positional('name', { type: 'string', describe: "A unit's name or client_id", demandOption: true })
        .option('sensor', { type: 'string', nargs: 1, describe: 'Of this sensor alone: cpu_temp' })
        .option('id', { type: 'string', nargs: 1, describe: 'Of this one of the kind alone: /var' })
        .option('from', {
          type: 'string',
          nargs: 1,
          describe: 'Its beginning: 2026-11-21T10:00:00Z, milliseconds since 1970, or -2h',
          defaultDescription: '2 h before its end',
        })
        .option('to', { type: 'string', nargs: 1, default: 'now', describe: 'Its end' })
        .option('step', {
          type: 'string',
          nargs: 1,
          describe: 'The length of a step: 30s, 1m, 2h, 1d, or seconds',
          defaultDescription: 'about 60 steps',
        })
        .option('json', {
          type: 'boolean',
          default: false,
          describe: "The gaps, then the API's steps, one a line",
          defaultDescription: 'no',
        })
        .epilogue(
          'Times are by the clock of the unit, shown in the time zone of this machine. Steps begin at multiples of their length, UTC.',
        )
        .example('$0 history bench-03', 'the last two hours of all that it measures')
        .example('$0 history bench-03 --sensor cpu_temp --from -7d', 'its temperature in the last week')
        .example('$0 history bench-03 --sensor disk --id / --from -1d --step 10m', 'a day of one disk'),
    ({ name, sensor, id, from, to, step, json }) => {
      const nowMs = Date.now();
      const toMs = timeMs(to, '--to', nowMs);
      const fromMs = from === undefined ? toMs - usualRangeMs : timeMs(from, '--from', nowMs);
      if (fromMs >= toMs) throw badUsage('--from is not before --to.');
      const stepMs = step === undefined ? undefined : stepLengthMs(step);
      found({ type: 'history', name, sensor, id, fromMs, toMs, stepMs, json });
    },
  );
}
