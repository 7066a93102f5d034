import type { Argv } from 'yargs';
import { countOf } from './arguments.ts';
import type { AuditCommand } from './command.ts';
import { describeDataFolder } from './describe-data-folder.ts';

/** More are for `--json` and a look at the file's backup. */
const linesMax = 100_000;

/** Adds `audit` and what it can do to the command line. */
export function describeAudit(
  line: Argv<{ json: boolean }>,
  found: (command: AuditCommand) => void,
): Argv<{ json: boolean }> {
  return line.command(
    'audit',
    "Who changed what: on the server's machine, as its user or as root; the server may run",
    (options) =>
      describeDataFolder(options)
        .command(
          ['show', '$0'],
          'Show the newest lines of the audit log, the newest last',
          (own) => own.option('last', { type: 'string', nargs: 1, default: '50', describe: 'How many' }),
          ({ 'data-dir': dataDir, last, json }) => {
            const count = countOf(last, '--last', linesMax);
            found({ type: 'audit', task: { type: 'show', count }, dataDir, json });
          },
        )
        .command(
          'verify',
          'See whether a line of it was changed, or is missing',
          (own) => own,
          ({ 'data-dir': dataDir, json }) => found({ type: 'audit', task: { type: 'verify' }, dataDir, json }),
        )
        .example('$0 audit --last 10', 'the last ten changes')
        .example('$0 audit verify', 'exit code 0: it is as it was written'),
  );
}
