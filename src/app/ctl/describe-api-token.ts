import type { Argv } from 'yargs';
import { lifetimeMs } from './arguments.ts';
import type { ApiTokenCommand } from './command.ts';
import { describeDataFolder, scopeMeanings, scopes } from './describe-data-folder.ts';

/** Ten years; what should hold for longer says `never`. */
const daysMax = 3_650;

/** Adds `api-token` and what it can do to the command line. */
export function describeApiToken(
  line: Argv<{ json: boolean }>,
  found: (command: ApiTokenCommand) => void,
): Argv<{ json: boolean }> {
  return line.command(
    'api-token',
    "Tokens by which programs use the API: on the server's machine, as its user or as root; the server may run",
    (options) =>
      describeDataFolder(options)
        .command(
          ['list', '$0'],
          'List them, without the tokens themselves',
          (own) => own,
          ({ 'data-dir': dataDir, json }) => found({ type: 'api-token', task: { type: 'list' }, dataDir, json }),
        )
        .command(
          'new <name>',
          'Make one, and print it: it is shown this once',
          (own) =>
            own
              .positional('name', { type: 'string', demandOption: true, describe: 'What it is for' })
              .option('scope', { choices: scopes, nargs: 1, default: 'read' as const, describe: 'What it may do' })
              .option('expires', {
                type: 'string',
                nargs: 1,
                default: '90d',
                describe: 'How long it holds: 12h, 90d, or never',
              }),
          ({ 'data-dir': dataDir, name, scope, expires, json }) => {
            const expiresMs = expires === 'never' ? undefined : lifetimeMs(expires, { flag: '--expires', daysMax });
            found({ type: 'api-token', task: { type: 'new', name, scope, expiresMs }, dataDir, json });
          },
        )
        .command(
          'revoke <id>',
          'End it at once',
          (own) =>
            own.positional('id', {
              type: 'string',
              demandOption: true,
              describe: 'As telemetryctl api-token has it; id:-… where it begins with -',
            }),
          ({ 'data-dir': dataDir, id, json }) =>
            found({ type: 'api-token', task: { type: 'revoke', id: id.replace(/^id:/, '') }, dataDir, json }),
        )
        .epilogue(scopeMeanings)
        .example('$0 api-token new wall > token', 'then on another machine: --api https://… --api-token-file token'),
  );
}
