import { placeIn } from '../../config/place.ts';
import { resolve } from '../../config/resolve.ts';
import { dataDir } from '../../config/server-program.ts';
import { badUsage } from './arguments.ts';

/** What the folder of the server's files depends on. */
export interface StoreSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  readonly euid: number | undefined;
  readonly homedir: string;
}

/** The server's data folder, found as the server itself finds it: flag, environment, default. Throws CodedError `bad-usage`. */
export function dataFolder(flag: string | undefined, surroundings: StoreSurroundings): string {
  const { read, faults } = resolve({
    flags: new Map(flag === undefined ? [] : [['data-dir', [flag]]]),
    machine: { ...surroundings, argv: [], hostname: '', version: '', unitName: '' },
    file: undefined,
    place: placeIn(surroundings.cwd, surroundings.platform),
    partial: true,
  });
  const folder = read(dataDir);
  const [fault] = faults;
  if (fault !== undefined) throw badUsage(`${fault}.`);
  return folder;
}
