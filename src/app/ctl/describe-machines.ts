import type { Argv } from 'yargs';
import type { MachinesCommand } from './command.ts';

/** Adds `machines` and what it can do to the command line. */
export function describeMachines(
  line: Argv<{ json: boolean }>,
  found: (command: MachinesCommand) => void,
): Argv<{ json: boolean }> {
  const name = {
    type: 'string',
    describe: "A machine's name, its client_id, or the beginning of its key (at least 6 characters)",
    demandOption: true,
  } as const;
  const change = (type: 'approve' | 'revoke' | 'forget', of: string, json: boolean): void =>
    found({ type: 'machines', task: { type, name: of }, json });
  return line.command('machines', 'List the machines that hold a key, and say which of them are served', (options) =>
    options
      .command(
        ['list', '$0'],
        'List them',
        (own) => own,
        ({ json }) => found({ type: 'machines', task: { type: 'list' }, json }),
      )
      .command(
        'approve <name>',
        'Serve one that waits, was revoked or was forgotten',
        (own) => own.positional('name', name),
        ({ name: of, json }) => change('approve', of, json),
      )
      .command(
        'revoke <name>',
        'Serve it no more, from now on; its name stays its own',
        (own) => own.positional('name', name),
        ({ name: of, json }) => change('revoke', of, json),
      )
      .command(
        'forget <name>',
        'Let its key count no more: for a machine that got a new disk, or is gone',
        (own) => own.positional('name', name),
        ({ name: of, json }) => change('forget', of, json),
      )
      .command(
        'rename <name> <new-name>',
        'Give it another name',
        (own) =>
          own
            .positional('name', name)
            .positional('new-name', { type: 'string', describe: 'Its name from now on', demandOption: true }),
        ({ name: of, 'new-name': newName, json }) =>
          found({ type: 'machines', task: { type: 'rename', name: of, newName }, json }),
      )
      .epilogue('The beginning of a key may be written key:Ab3dEf, and one that begins with - has to be.')
      .example('$0 machines', 'who waits, who is served')
      .example('$0 machines approve bench-03', 'compare the key with what the machine itself says'),
  );
}
