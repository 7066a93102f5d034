import type { Argv } from 'yargs';
import yargs from 'yargs';
import { nearest } from '../../config/nearest.ts';
import { CodedError } from '../../core/coded-error.ts';
import { apiPlace, describeApi } from './api-place.ts';
import { intervalSeconds, timeoutMs } from './arguments.ts';
import type { Command, CommandLine } from './command.ts';
import { describeApiToken } from './describe-api-token.ts';
import { describeAudit } from './describe-audit.ts';
import { describeExport } from './describe-export.ts';
import { describeHistory } from './describe-history.ts';
import { describeMachines } from './describe-machines.ts';
import { describePage } from './describe-page.ts';
import { describeStore } from './describe-store.ts';
import { describeTag } from './describe-tag.ts';
import { describeTop } from './describe-top.ts';
import { describeToken } from './describe-token.ts';
import { describeUser } from './describe-user.ts';
import { parserConfiguration } from './parser-configuration.ts';

export interface CommandLineOptions {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** Reads the command line. Throws CodedError `bad-usage` with exit code 2. */
export async function readCommandLine({ argv, env, version }: CommandLineOptions): Promise<CommandLine> {
  let command: Command | undefined;
  let printed = '';
  let failure: Error | undefined;
  const parser = describe(version, (read) => (command = read));
  const read = await parser.parse([...argv], {}, (error: Error | undefined, _: unknown, output: string) => {
    failure ??= error ?? undefined;
    printed = output;
  });
  if (failure instanceof CodedError) throw failure;
  if (failure !== undefined) throw usageError(unknownCommand(read._[0]) ?? failure.message);
  if (command === undefined) return { type: 'print', text: `${printed}\n` };
  return { type: 'run', command, api: apiPlace(read, env) };
}

const commands =
  'units unit interval tail top history export tag page machines token user api-token audit store completion'.split(
    ' ',
  );

function unknownCommand(word: string | number | undefined): string | undefined {
  if (word === undefined || commands.includes(String(word))) return undefined;
  const meant = nearest(String(word), commands);
  return `There is no command ${JSON.stringify(String(word))}; ${meant === undefined ? `the commands are ${commands.join(', ')}` : `did you mean ${meant}?`}`;
}

function usageError(reason: string): CodedError {
  return new CodedError(
    'bad-usage',
    `${reason.trim().replace(/([^?.])$/, '$1.')} telemetryctl --help shows what there is.`,
    { exitCode: 2 },
  );
}

function describe(version: string, found: (command: Command) => void): Argv {
  const name = { type: 'string', describe: "A unit's name or client_id", demandOption: true } as const;
  const line = describeApi(yargs())
    .scriptName('telemetryctl')
    .locale('en')
    .wrap(100)
    .exitProcess(false)
    .showHelpOnFail(false)
    .parserConfiguration(parserConfiguration)
    .usage('$0 [--api URL] COMMAND\n\nShows the units of a telemetry-server, and steers them.')
    .option('json', { type: 'boolean', default: false, describe: 'Output for programs', defaultDescription: 'no' })
    .command(
      'units',
      'List the units',
      (line) => line,
      ({ json }) => found({ type: 'units', json }),
    )
    .command(
      'unit <name>',
      'Show all about one unit',
      (line) => line.positional('name', name),
      ({ name, json }) => found({ type: 'unit', name, json }),
    )
    .command(
      'interval <name> <seconds>',
      'Change how often a unit, or all of them, sends its readings',
      (line) =>
        line
          .positional('name', { ...name, describe: "A unit's name or client_id, or all" })
          .positional('seconds', {
            type: 'string',
            demandOption: true,
            describe: '0.1 to 86400, in steps of 0.001; whole for v1 units',
          })
          .option('timeout', {
            type: 'string',
            default: '30',
            requiresArg: true,
            describe: 'Seconds to wait for the confirmation',
          })
          .option('no-wait', {
            type: 'boolean',
            default: false,
            describe: 'Do not wait for it',
            defaultDescription: 'no',
          }),
      ({ name, seconds, timeout, 'no-wait': noWait, json }) => {
        const command = {
          name: name === 'all' ? undefined : name,
          seconds: intervalSeconds(seconds),
          timeoutMs: noWait ? undefined : timeoutMs(timeout),
        };
        found({ type: 'interval', ...command, json });
      },
    )
    .command(
      'tail [name]',
      'Follow the readings as they are stored, of one unit or of all',
      (line) => line.positional('name', { type: 'string', describe: "A unit's name or client_id" }),
      ({ name, json }) => found({ type: 'tail', name, json }),
    );
  const parts = [
    describeHistory,
    describeExport,
    describeTop,
    describeTag,
    describePage,
    describeMachines,
    describeToken,
    describeUser,
    describeApiToken,
    describeAudit,
    describeStore,
  ];
  return parts
    .reduce((described, describePart) => describePart(described, found), line)
    .completion('completion', 'Print a script that completes commands and flags in bash or zsh')
    .example('$0 units', 'who is there, how warm, how full')
    .example('$0 interval bench-03 5', 'every 5 s from now on; waits until the unit has confirmed it')
    .example('$0 interval all 60 --no-wait', 'every unit, without waiting')
    .example('$0 top', 'the fleet as it changes, the worst first')
    .example('$0 tail bench-03', 'its readings as they come, until Ctrl-C')
    .example('$0 tail --json | jq .celsius', 'one JSON object a line')
    .example('$0 history bench-03 --from -1d', 'what it measured in the last day: plots, tables, gaps')
    .example('$0 export --from -1d --csv', 'the readings of the last day, of all units')
    .example('$0 tag bench-03 site=berlin', 'a word by which the fleet is filtered and grouped')
    .example('$0 page --out fleet.html', 'the fleet as a page that opens without a server')
    .example('$0 token new', 'one line to paste on a machine that is to join')
    .example('$0 machines approve bench-03', 'serve a machine that waits')
    .example('$0 store backup FILE', "a copy of the server's store, while the server runs")
    .epilogue('Exit codes: 0 done, 1 failed, 2 bad usage.')
    .demandCommand(1, 1, 'There is no command', 'There is more than one command')
    .strict()
    .help('help', 'Show this help')
    .alias('help', 'h')
    .version('version', 'Show the version', `telemetryctl ${version}`);
}
