import type { UnitReading } from '../core/reading.ts';
import { viewOfReading } from '../core/unit.ts';
import { csvColumns, csvRows } from './reading-csv.ts';

export type ReadingFormat = 'json' | 'ndjson' | 'csv';

/** How readings are written. */
export interface ReadingForm {
  readonly contentType: string;
  readonly head: string;
  readonly between: string;
  readonly tail: string;
  write(reading: UnitReading): string;
}

export const readingForms: Readonly<Record<ReadingFormat, ReadingForm>> = {
  /** A JSON array, one reading a line. */
  json: {
    contentType: 'application/json; charset=utf-8',
    head: '[',
    between: ',\n',
    tail: ']\n',
    write: jsonOfReading,
  },
  /** One JSON object a line. */
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: '',
    between: '',
    tail: '',
    write: (reading) => `${jsonOfReading(reading)}\n`,
  },
  /** A row for each value, RFC 4180. */
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: csvColumns,
    between: '',
    tail: '',
    write: csvRows,
  },
};

/** Types of `Accept`, in the order in which they are preferred where it likes them alike. */
const types: readonly (readonly [type: string, format: ReadingFormat])[] = [
  ['application/json', 'json'],
  ['application/x-ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
  ['text/csv', 'csv'],
];

/** What an `Accept` header (RFC 9110, 12.5.1) likes best; undefined where it takes none of them. */
export function acceptedFormat(accept: string | undefined): ReadingFormat | undefined {
  if (accept === undefined || accept.trim() === '') return 'json';
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
  });
  let best: { readonly format: ReadingFormat; readonly quality: number } | undefined;
  for (const [type, format] of types) {
    const wholeKind = `${type.slice(0, type.indexOf('/'))}/*`;
    // The most specific range that fits decides.
    const range = [type, wholeKind, '*/*']
      .map((wanted) => ranges.find((one) => one.type === wanted))
      .find((one) => one !== undefined);
    if (range !== undefined && range.quality > (best?.quality ?? 0)) best = { format, quality: range.quality };
  }
  return best?.format;
}

/** The members of the wire, after the unit that it came from. */
function jsonOfReading({ unit, clientId, reading }: UnitReading): string {
  return JSON.stringify({ unit, client_id: clientId, ...viewOfReading(reading) });
}
