import { posix, win32 } from 'node:path';
import { entriesIfRight, type FileEntries } from './file-entries.ts';
import { readFileText } from './file-text.ts';
import type { Place } from './kind.ts';
import { placeIn } from './place.ts';
import { plainYaml } from './plain-yaml.ts';
import type { Settings } from './setting.ts';

/** A file as it was read. */
export interface ReadFile extends FileEntries {
  /** As it was given, for faults. */
  readonly name: string;
  /** Of the paths in it. */
  readonly place: Place;
}

/**
 * Reads and checks the file `name`. A file that is plain and right is read without a package; for all others the YAML library and zod
 * are loaded.
 */
export async function readConfigurationFile(
  name: string,
  { settings, place, platform }: { readonly settings: Settings; readonly place: Place; readonly platform: string },
): Promise<ReadFile> {
  const path = place.resolvePath(name);
  const inner = placeIn((platform === 'win32' ? win32 : posix).dirname(path), platform);
  const read = readFileText(path);
  if (!read.ok) return { name, place: inner, entries: new Map(), faults: [`${name}: ${read.fault}`] };
  const plain = plainYaml(read.text);
  const right = plain === undefined ? undefined : entriesIfRight(plain, settings, inner);
  if (right !== undefined) return { name, place: inner, ...right };
  const { checkedYaml } = await import('./checked-yaml.ts');
  return { name, place: inner, ...checkedYaml(read.text, { file: name, settings, place: inner }) };
}
