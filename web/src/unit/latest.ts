import type { ReadingView, UnitView } from '../../../src/api/contract.ts';

/** The newest reading of each series, by sensor and id, with what has arrived since. */
export function latestReadings(
  known: UnitView['latest'] | undefined,
  since: readonly ReadingView[],
): readonly ReadingView[] {
  const newest = new Map<string, ReadingView>();
  for (const reading of [...Object.values(known ?? {}).flat(), ...since]) {
    const name = `${String(reading['sensor'])}\n${String(reading['id'] ?? '')}`;
    const before = newest.get(name);
    if (before === undefined || Number(before['time']) <= Number(reading['time'])) newest.set(name, reading);
  }
  return [...newest].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, reading]) => reading);
}
