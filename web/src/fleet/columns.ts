/** The columns of the fleet that it can be sorted by, in their order: their key in the address, and their word. `falls`: the first click puts the largest on top. */
export const columns = [
  { key: 'state', word: 'State' },
  { key: 'name', word: 'Unit' },
  { key: 'cpu_temp', word: 'CPU temp', falls: true },
  { key: 'ram', word: 'RAM', falls: true },
  { key: 'disk', word: 'Fullest disk', falls: true },
  { key: 'cpu', word: 'CPU', falls: true },
  { key: 'interval', word: 'Interval' },
  { key: 'clock', word: 'Clock', falls: true },
  { key: 'seen', word: 'Last seen' },
  { key: 'backlog', word: 'Spool', falls: true },
] as const;

export type Column = (typeof columns)[number];
export type SortKey = Column['key'];

export interface Sort {
  readonly key: SortKey;
  readonly falls: boolean;
}

export const sortByName: Sort = { key: 'name', falls: false };

/** `-ram`: by RAM, the largest on top. What is no column sorts by name. */
export function sortOf(text: string | null): Sort {
  const falls = text?.startsWith('-') ?? false;
  const word = falls ? text?.slice(1) : text;
  const column = columns.find(({ key }) => key === word);
  return column === undefined ? sortByName : { key: column.key, falls };
}

/** As it stands in the address; undefined for what is not worth saying. */
export function textOfSort({ key, falls }: Sort): string | undefined {
  if (key === sortByName.key && falls === sortByName.falls) return undefined;
  return falls ? `-${key}` : key;
}

/** What a click on a column's header asks for. */
export function sortAfterClick(now: Sort, key: SortKey): Sort {
  if (now.key === key) return { key, falls: !now.falls };
  const column: Column | undefined = columns.find((candidate) => candidate.key === key);
  return { key, falls: column !== undefined && 'falls' in column };
}
