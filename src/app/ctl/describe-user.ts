import type { Argv } from 'yargs';
import type { UserCommand } from './command.ts';
import { describeDataFolder, scopeMeanings, scopes } from './describe-data-folder.ts';

/** Adds `user` and what it can do to the command line. */
export function describeUser(
  line: Argv<{ json: boolean }>,
  found: (command: UserCommand) => void,
): Argv<{ json: boolean }> {
  const name = { type: 'string', describe: "An account's name", demandOption: true } as const;
  return line.command(
    'user',
    "The accounts of people: on the server's machine, as its user or as root; the server may run",
    (options) =>
      describeDataFolder(options)
        .command(
          ['list', '$0'],
          'List the accounts',
          (own) => own,
          ({ 'data-dir': dataDir, json }) => found({ type: 'user', task: { type: 'list' }, dataDir, json }),
        )
        .command(
          'add <name>',
          'Add one; asks for the password, or reads it from standard input as one line',
          (own) =>
            own
              .positional('name', name)
              .option('scope', { choices: scopes, nargs: 1, describe: 'admin for the first account, else read' }),
          ({ 'data-dir': dataDir, name: of, scope, json }) =>
            found({ type: 'user', task: { type: 'add', name: of, scope }, dataDir, json }),
        )
        .command(
          'passwd <name>',
          'Give it another password, which ends its sessions',
          (own) => own.positional('name', name),
          ({ 'data-dir': dataDir, name: of, json }) =>
            found({ type: 'user', task: { type: 'passwd', name: of }, dataDir, json }),
        )
        .command(
          'scope <name> <scope>',
          'Give it another scope, which ends its sessions',
          (own) =>
            own
              .positional('name', name)
              .positional('scope', { choices: scopes, describe: 'What it may do', demandOption: true }),
          ({ 'data-dir': dataDir, name: of, scope, json }) =>
            found({ type: 'user', task: { type: 'scope', name: of, scope }, dataDir, json }),
        )
        .command(
          'remove <name>',
          'Remove it, which ends its sessions',
          (own) => own.positional('name', name),
          ({ 'data-dir': dataDir, name: of, json }) =>
            found({ type: 'user', task: { type: 'remove', name: of }, dataDir, json }),
        )
        .epilogue(scopeMeanings)
        .example('$0 user add ada', 'the first account may do everything')
        .example('$0 user add wall --scope read < password', 'from a script'),
  );
}
