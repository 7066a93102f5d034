import type { KeyedPlain } from './file-entries.ts';

/** A line of the file: a key with or without its value, or an item of a list. */
interface Row {
  readonly indent: number;
  /** Undefined for an item. */
  readonly key: string | undefined;
  /** Undefined where the line ends after the colon. */
  readonly value: string | number | boolean | undefined;
  readonly line: number;
}

const printable = /^[ -~]*$/;
const blank = /^ *(#.*)?$/;
/** A key may be written out with its group: `log.level`. */
const pair = /^( *)([a-z][a-z_0-9]*(?:\.[a-z][a-z_0-9]*)?):(?: +([^ #].*?))?(?: +#.*)? *$/;
const item = /^( *)- +([^ #].*?)(?: +#.*)? *$/;
const quotedWord = /^(?:'([^']*)'|"([^"\\]*)")$/;
const word = /^[A-Za-z0-9./][A-Za-z0-9_./:@+\\[\]-]*$/;
const number = /^(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$/;
/** Such a sign is in no number of YAML 1.2 that begins with a digit: not in `0x1f`, `0o17`, `1e-5`. */
const noNumber = /[g-np-wyzG-NP-WYZ:/@_\\[\]]/;
/** `90d`, or a fingerprint: only with `0x` before it were it a number, or with no letter but an `e`. */
const hexadecimal = /^[0-9][0-9A-Fa-f]*[A-DFa-df][0-9A-Fa-f]*$/;
const reserved = /^(null|true|false)$/i;

/**
 * Reads the YAML that nearly all configuration files are: keys one or two deep or written out with a dot, plain words and numbers, quotes without escapes, lists of
 * one item a line, comments. Undefined for all else, and for whatever might be a mistake: then the YAML library has a look. A
 * daemon that starts with such a file need not carry the library and zod (20 MiB and 80 ms).
 */
export function plainYaml(text: string): readonly KeyedPlain[] | undefined {
  const rows: Row[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    // Tabs, lone carriage returns and whatever is not ASCII have rules of their own.
    if (!printable.test(line)) return undefined;
    if (blank.test(line)) continue;
    const row = rowOf(line, index + 1);
    if (row === undefined) return undefined;
    rows.push(row);
  }
  const values: KeyedPlain[] = [];
  const end = readMap(rows, { at: 0, indent: rows[0]?.indent ?? 0, group: '' }, values);
  // A key in its group and the same written out are two for whoever reads no further than the signs.
  const isWhole = end === rows.length && new Set(values.map(({ key }) => key)).size === values.length;
  return isWhole ? values : undefined;
}

/** Reads the keys at `indent` from row `at` on; answers the row after them, or -1 for what is not plain. */
function readMap(
  rows: readonly Row[],
  { at, indent, group }: { readonly at: number; readonly indent: number; readonly group: string },
  values: KeyedPlain[],
): number {
  const seen = new Set<string>();
  let next = at;
  for (let row = rows[next]; row !== undefined && row.indent === indent; row = rows[next]) {
    if (row.key === undefined || seen.has(row.key)) return -1;
    seen.add(row.key);
    next += 1;
    const key = group + row.key;
    const below = rows[next];
    if (row.value !== undefined) {
      values.push({ key, value: row.value, line: row.line });
    } else if (below === undefined) {
      return -1;
    } else if (below.key === undefined && below.indent >= indent) {
      const end = rows.findIndex(
        (other, index) => index > next && (other.key !== undefined || other.indent !== below.indent),
      );
      const items = rows.slice(next, end === -1 ? rows.length : end);
      values.push({ key, value: items.map((other) => other.value), line: row.line });
      next += items.length;
    } else if (below.key !== undefined && below.indent > indent && group === '') {
      next = readMap(rows, { at: next, indent: below.indent, group: `${key}.` }, values);
      if (next === -1) return -1;
    } else {
      return -1;
    }
  }
  return next;
}

function rowOf(line: string, lineNumber: number): Row | undefined {
  const asPair = pair.exec(line);
  const match = asPair ?? item.exec(line);
  if (match === null) return undefined;
  const text = asPair === null ? match[2] : asPair[3];
  const value = text === undefined ? undefined : valueOf(text);
  if (text !== undefined && value === undefined) return undefined;
  return { indent: match[1]?.length ?? 0, key: asPair?.[2], value, line: lineNumber };
}

/** What YAML's core schema takes a scalar for; undefined where that is not plain. */
function valueOf(text: string): string | number | boolean | undefined {
  const quoted = quotedWord.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2];
  if (text === 'true' || text === 'false') return text === 'true';
  if (number.test(text)) return Number(text);
  if (!word.test(text) || text.endsWith(':') || reserved.test(text)) return undefined;
  // `.inf` and `.nan` are numbers, `./x` is none.
  if (text.startsWith('.')) return text.includes('/') ? text : undefined;
  return /^[A-Za-z]/.test(text) || noNumber.test(text) || hexadecimal.test(text) ? text : undefined;
}
