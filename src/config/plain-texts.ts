import type { Kind, KindFault } from './kind.ts';

export type PlainTexts =
  | { readonly ok: true; readonly texts: readonly string[] }
  | { readonly ok: false; readonly faults: readonly KindFault[] };

/** The texts of a file's value, as flags would give them, where YAML took it for what the kind expects. */
export function plainTexts(kind: Kind<unknown>, value: unknown): PlainTexts {
  if (!kind.list) {
    const text = textOf(kind, value);
    return text === undefined
      ? { ok: false, faults: [{ index: undefined, fault: advice(kind, value) }] }
      : { ok: true, texts: [text] };
  }
  if (!Array.isArray(value)) {
    return { ok: false, faults: [{ index: undefined, fault: `it is a list, and an item is ${kind.form.expects}` }] };
  }
  const items: readonly unknown[] = value;
  const texts = items.map((item) => textOf(kind, item));
  const right = texts.filter((text) => text !== undefined);
  if (right.length === texts.length) return { ok: true, texts: right };
  const faults = texts.flatMap((text, index) =>
    text === undefined ? [{ index, fault: advice(kind, items[index]) }] : [],
  );
  return { ok: false, faults };
}

function textOf(kind: Kind<unknown>, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return kind.form.plain.some((type) => type === typeof value) ? String(value) : undefined;
}

function advice({ form }: Kind<unknown>, value: unknown): string {
  const quotes = typeof value === 'string' ? 'without quotes' : 'in quotes';
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const onlyQuotes = scalar && form.parse(String(value), { resolvePath: (path) => path }).ok;
  return onlyQuotes ? `it is ${form.expects}; write it ${quotes}` : `it is ${form.expects}`;
}
