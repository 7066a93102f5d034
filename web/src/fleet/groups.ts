import type { FleetRow } from '../../../src/api/contract.ts';

/** A line of the fleet: a unit, or the heading of those that share a tag's value. */
export type Line =
  | { readonly type: 'unit'; readonly clientId: string }
  | {
      readonly type: 'group';
      /** The tag's value; undefined: those without the tag. */
      readonly value: string | undefined;
      readonly count: number;
      /** How many of them are not online. */
      readonly away: number;
    };

const collator = new Intl.Collator(undefined, { numeric: true });

/** The lines of rows in their order: as they are, or under headings by a tag, those without it last. */
export function linesOf(rows: readonly FleetRow[], tag: string | undefined): readonly Line[] {
  if (tag === undefined) return rows.map(lineOf);
  const groups = Map.groupBy(rows, ({ tags }) => tags[tag]);
  const values = [...groups.keys()].toSorted((one, other) => {
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
    return collator.compare(one, other);
  });
  const lines: Line[] = [];
  for (const value of values) {
    const members = groups.get(value) ?? [];
    const away = members.filter(({ state }) => state !== 'online').length;
    lines.push({ type: 'group', value, count: members.length, away });
    for (const row of members) lines.push(lineOf(row));
  }
  return lines;
}

/** The names of tags in use, by name. */
export function tagNamesOf(rows: Iterable<Pick<FleetRow, 'tags'>>): readonly string[] {
  const found = new Set<string>();
  for (const { tags } of rows) for (const name of Object.keys(tags)) found.add(name);
  return [...found].toSorted(collator.compare);
}

function lineOf({ client_id: clientId }: FleetRow): Line {
  return { type: 'unit', clientId };
}
