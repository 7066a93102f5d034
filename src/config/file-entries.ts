import type { Place } from './kind.ts';
import { plainTexts } from './plain-texts.ts';
import type { Settings } from './setting.ts';
import { settingOf } from './setting-groups.ts';

/** A value that a file gives a setting: right, but not yet read. */
export interface FileEntry {
  /** As a flag would give it. */
  readonly texts: readonly string[];
  readonly line: number;
}

/** What a file says. `faults` are lines for a person, with the file's name. */
export interface FileEntries {
  /** By the setting's key. */
  readonly entries: ReadonlyMap<string, FileEntry>;
  readonly faults: readonly string[];
}

/** A value of a file by its key, with its line. */
export interface KeyedPlain {
  readonly key: string;
  readonly value: unknown;
  readonly line: number;
}

/** The entries of values that are all right; undefined where one is not, or has no setting. */
export function entriesIfRight(
  values: readonly KeyedPlain[],
  settings: Settings,
  place: Place,
): FileEntries | undefined {
  const entries = new Map<string, FileEntry>();
  for (const { key: written, value, line } of values) {
    const setting = settingOf(written, settings);
    if (setting === undefined || entries.has(setting.key)) return undefined;
    const outcome = plainTexts(setting.kind, value);
    if (!outcome.ok || !setting.kind.read(outcome.texts, place).ok) return undefined;
    entries.set(setting.key, { texts: outcome.texts, line });
  }
  return { entries, faults: [] };
}
