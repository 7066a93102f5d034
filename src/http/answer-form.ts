/** The forms in which readings and their steps are answered. */
export type AnswerFormat = 'json' | 'ndjson' | 'csv';

/** How an answer of many items is written. */
export interface AnswerForm<Item> {
  readonly contentType: string;
  readonly head: string;
  readonly between: string;
  readonly tail: string;
  readonly write: (item: Item) => string;
}

export interface ItemWriting<Item> {
  /** One item as JSON, without a line's end. */
  readonly json: (item: Item) => string;
  /** The first line of CSV, with its end. */
  readonly csvColumns: string;
  /** Whole lines, with their ends. */
  readonly csvRows: (item: Item) => string;
}

/** All forms of an answer, from how one of its items is written. */
export function answerForms<Item>({
  json,
  csvColumns,
  csvRows,
}: ItemWriting<Item>): Readonly<Record<AnswerFormat, AnswerForm<Item>>> {
  return {
    /** An array, one item a line. */
    json: { contentType: 'application/json; charset=utf-8', head: '[', between: ',\n', tail: ']\n', write: json },
    /** One JSON object a line. */
    ndjson: {
      contentType: 'application/x-ndjson; charset=utf-8',
      head: '',
      between: '',
      tail: '',
      write: (item) => `${json(item)}\n`,
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
}

/** Types of `Accept`, in the order in which they are preferred where it likes them alike. */
const types: readonly (readonly [type: string, format: AnswerFormat])[] = [
  ['application/json', 'json'],
  ['application/x-ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
  ['text/csv', 'csv'],
];

/** What an `Accept` header (RFC 9110, 12.5.1) likes best; undefined where it takes none of them. */
export function acceptedFormat(accept: string | undefined): AnswerFormat | undefined {
  if (accept === undefined || accept.trim() === '') return 'json';
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
  });
  let best: { readonly format: AnswerFormat; readonly quality: number } | undefined;
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
