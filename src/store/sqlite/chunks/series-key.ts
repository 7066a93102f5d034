import type { Query } from '../../contract.ts';

/**
 * What the readings of a chunk have in common: unit, sensor, id, and the names of their values in their order. Each value is a column of its own, and
 * all of them share the times. Readings of one sensor and id with other names of values are in chunks of their own.
 */
export type SeriesKey = readonly [clientId: string, sensor: string, id: string | null, names: readonly string[]];

/** The key as it is stored, JSON; undefined where the text is none. */
export function parseSeriesKey(text: string): SeriesKey | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON is one way of not being a key.
    return undefined;
  }
  return isKey(value) ? value : undefined;
}

export function isAskedFor([clientId, sensor, id]: SeriesKey, query: Query): boolean {
  return (
    clientId === query.clientId &&
    (query.sensor === undefined || sensor === query.sensor) &&
    (query.id === undefined || id === query.id)
  );
}

function isKey(value: unknown): value is SeriesKey {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    typeof value[0] === 'string' &&
    typeof value[1] === 'string' &&
    (value[2] === null || typeof value[2] === 'string') &&
    Array.isArray(value[3]) &&
    value[3].every((name) => typeof name === 'string')
  );
}
