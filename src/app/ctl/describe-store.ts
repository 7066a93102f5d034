import type { Argv } from 'yargs';
import type { StoreCommand } from './command.ts';

/** Adds `store` and what it can do to the command line. */
export function describeStore(
  line: Argv<{ json: boolean }>,
  found: (command: StoreCommand) => void,
): Argv<{ json: boolean }> {
  return line.command(
    'store',
    "Check, salvage, back up or compact the server's store: on the server's machine, as its user or as root",
    (options) =>
      options
        .option('data-dir', {
          type: 'string',
          nargs: 1,
          describe: "The server's data folder [TELEMETRY_DATA_DIR]",
          defaultDescription: "the server's own default",
        })
        .command(
          'check',
          'Read all of it and tell what is damaged; the server may run',
          (own) => own,
          ({ 'data-dir': dataDir, json }) => found({ type: 'store', task: { type: 'check' }, dataDir, json }),
        )
        .command(
          'salvage',
          'Put what can be read into a new store in its place, and keep the damaged one beside it; stop the server first',
          (own) =>
            own.option('into', {
              type: 'string',
              nargs: 1,
              describe: 'Make the new store in this folder, and leave the damaged one where it is',
            }),
          ({ 'data-dir': dataDir, into, json }) =>
            found({ type: 'store', task: { type: 'salvage', into }, dataDir, json }),
        )
        .command(
          'backup <file>',
          'Copy it as it is now into a new file; the server may run',
          (own) => own.positional('file', { type: 'string', demandOption: true, describe: 'The new file' }),
          ({ 'data-dir': dataDir, file, json }) =>
            found({ type: 'store', task: { type: 'backup', file }, dataDir, json }),
        )
        .command(
          'compact',
          'Pack all readings now, as the server does in the background, and give the space back; stop the server first',
          (own) => own,
          ({ 'data-dir': dataDir, json }) => found({ type: 'store', task: { type: 'compact' }, dataDir, json }),
        )
        .demandCommand(1, 1, 'What about the store: check, salvage, backup or compact?')
        .example('$0 store check', 'exit code 0: it is whole')
        .example('$0 store backup /backup/monday.db', 'while the server runs'),
  );
}
