import type { Argv } from 'yargs';
import { hostName } from '../../config/kinds/address.ts';
import { countOf, inForm, lifetimeMs } from './arguments.ts';
import type { TokenCommand } from './command.ts';

/** Those of the API, docs/api.md. */
const usesMax = 10_000;
const daysMax = 30;

/** Adds `token` and what it can do to the command line. */
export function describeToken(
  line: Argv<{ json: boolean }>,
  found: (command: TokenCommand) => void,
): Argv<{ json: boolean }> {
  return line.command('token', 'Let machines join: a token makes one line to paste on them', (options) =>
    options
      .command(
        ['list', '$0'],
        'List the join tokens, without the tokens themselves',
        (own) => own,
        ({ json }) => found({ type: 'token', task: { type: 'list' }, json }),
      )
      .command(
        'new',
        'Make one, and print the line to paste on the machine',
        (own) =>
          own
            .option('uses', { type: 'string', nargs: 1, default: '1', describe: 'How many machines it lets in' })
            .option('expires', { type: 'string', nargs: 1, default: '1h', describe: 'How long it holds: 30m, 1h, 7d' })
            .option('host', {
              type: 'string',
              nargs: 1,
              describe: 'Under which name or address the machines reach the server',
              defaultDescription: "that of --api or, where that is this machine, this machine's name",
            }),
        ({ uses, expires, host, json }) => {
          const task = {
            uses: countOf(uses, '--uses', usesMax),
            expiresMs: lifetimeMs(expires, { flag: '--expires', daysMax }),
            host: host === undefined ? undefined : inForm(hostName, host, '--host'),
          };
          found({ type: 'token', task: { type: 'new', ...task }, json });
        },
      )
      .command(
        'revoke <id>',
        'Let nobody in with it any more; those that it has let in stay',
        (own) =>
          own.positional('id', {
            type: 'string',
            demandOption: true,
            describe: 'As telemetryctl token has it; id:-… where it begins with -',
          }),
        ({ id, json }) => found({ type: 'token', task: { type: 'revoke', id: id.replace(/^id:/, '') }, json }),
      )
      .example('$0 token new', 'paste the line on the machine within the hour')
      .example('$0 token new --uses 20 --expires 1d', 'for a room full of them'),
  );
}
