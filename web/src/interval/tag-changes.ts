import type { FleetRow, Tags } from '../../../src/api/contract.ts';

/** What is to become of the tags of some units: set, whatever they were, and taken away. */
export interface TagChanges {
  readonly set: Tags;
  readonly remove: readonly string[];
  /** Takes them away only where they have this value. */
  readonly only?: string;
}

/** `name=value` as somebody typed it, or what is wrong with it. What names and values may hold is the server's to say. */
export function tagOf(text: string): { readonly name: string; readonly value: string } | { readonly fault: string } {
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals)).trim();
  const value = text.slice(equals + 1).trim();
  if (name === '' || value === '') return { fault: 'Write a tag as name=value, such as site=berlin.' };
  return { name, value };
}

/** The tags of a unit after the changes; undefined where they change nothing of it. */
export function changedTags(tags: Tags, { set, remove, only }: TagChanges): Tags | undefined {
  const next = Object.fromEntries(
    Object.entries({ ...tags, ...set }).filter(
      ([name, value]) => !remove.includes(name) || (only !== undefined && value !== only),
    ),
  );
  const isSame =
    Object.keys(next).length === Object.keys(tags).length &&
    Object.entries(next).every(([name, value]) => tags[name] === value);
  return isSame ? undefined : next;
}

/** Each tag that some of the units have, and how many have it, by name and value. */
export function tagsInUse(
  rows: readonly Pick<FleetRow, 'tags'>[],
): readonly { readonly name: string; readonly value: string; readonly count: number }[] {
  const counts = new Map<string, { name: string; value: string; count: number }>();
  for (const { tags } of rows) {
    for (const [name, value] of Object.entries(tags)) {
      const key = `${name}=${value}`;
      const found = counts.get(key);
      if (found === undefined) counts.set(key, { name, value, count: 1 });
      else found.count += 1;
    }
  }
  return [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, tag]) => tag);
}
