import type { Query } from '../../contract.ts';
import { checksum } from '../block.ts';
import { isAskedFor, parseSeriesKey, type SeriesKey } from '../chunks/series-key.ts';
import { integerIn, textIn } from '../row.ts';
import type { ReaderStatements } from './reader-connection.ts';

/** A series that a query asks for. */
export interface WantedSeries {
  readonly number: number;
  readonly key: SeriesKey;
}

/** Those that have chunks; `damaged` is how many of the unit's cannot be told. */
export function wantedSeries(
  query: Query,
  { series }: Pick<ReaderStatements, 'series'>,
): { readonly wanted: readonly WantedSeries[]; readonly damaged: number } {
  let damaged = 0;
  const wanted: WantedSeries[] = [];
  for (const row of series.all(query.clientId)) {
    const text = textIn(row, 'key');
    const key = checksum(text) === row['checksum'] ? parseSeriesKey(text) : undefined;
    if (key === undefined) damaged += 1;
    else if (isAskedFor(key, query)) wanted.push({ number: integerIn(row, 'series'), key });
  }
  return { wanted, damaged };
}
