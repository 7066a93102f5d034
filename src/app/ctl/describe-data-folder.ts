import type { Argv } from 'yargs';

/** Adds the flag of those commands that work on the server's files. */
export function describeDataFolder<Options>(line: Argv<Options>): Argv<Options & { 'data-dir': string | undefined }> {
  return line.option('data-dir', {
    type: 'string',
    nargs: 1,
    describe: "The server's data folder [TELEMETRY_DATA_DIR]",
    defaultDescription: "the server's own default",
  });
}

export const scopes = ['read', 'operate', 'admin'] as const;

export const scopeMeanings = 'Scopes: read looks, operate changes intervals too, admin says who may do what too.';
