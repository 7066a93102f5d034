/** A value as a configuration file holds it. */
export type Plain = string | number | boolean;

/** A piece of JSON Schema: what an editor is told about a value in the file. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where a value was written, for what depends on it: a relative path in a file counts from that file's folder. */
export interface Place {
  /** The absolute form of a path that was written there. */
  resolvePath(path: string): string;
}

/** What became of a text. `fault` says what would be right; it follows "… is X; ". */
export type Parsed<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly fault: string };

/** How one value is written, read and described, whether it comes from a flag, the environment or the file. */
export interface Form<Value> {
  /** What the help puts in the value's place, such as `SECONDS`. */
  readonly placeholder: string;
  /** What a right value is, to follow "it is". */
  readonly expects: string;
  /** What YAML may take the value for. */
  readonly plain: readonly ('string' | 'number' | 'boolean')[];
  readonly schema: JsonSchema;
  /** All values, where they are few. */
  readonly choices?: readonly string[];
  parse(text: string, place: Place): Parsed<Value>;
  /** The value as a file would hold it; undefined where none is set. */
  write(value: Value): Plain | undefined;
}

/** One fault of a value; `index` is that of the item in a list. */
export interface KindFault {
  readonly index: number | undefined;
  readonly fault: string;
}

export type KindOutcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly faults: readonly KindFault[] };

/** What a setting takes: one value of a form, or a list of them. */
export interface Kind<Value> {
  readonly list: boolean;
  readonly form: Form<unknown>;
  readonly schema: JsonSchema;
  /** `texts` has exactly one member unless `list` is set. */
  read(texts: readonly string[], place: Place): KindOutcome<Value>;
  write(value: Value): Plain | readonly Plain[] | undefined;
}

/** A kind of one value. */
export function one<Value>(form: Form<Value>): Kind<Value> {
  return {
    list: false,
    form,
    schema: form.schema,
    read(texts, place) {
      const parsed = form.parse(texts[0] ?? '', place);
      return parsed.ok ? parsed : { ok: false, faults: [{ index: undefined, fault: parsed.fault }] };
    },
    write: (value) => form.write(value),
  };
}

/** A kind of 1 to `itemsMax` values: a repeated flag, commas in the environment, a list in the file. */
export function listOf<Item>(form: Form<Item>, { itemsMax }: { readonly itemsMax: number }): Kind<readonly Item[]> {
  return {
    list: true,
    form,
    schema: { type: 'array', items: form.schema, minItems: 1, maxItems: itemsMax },
    read(texts, place) {
      if (texts.length === 0) return { ok: false, faults: [{ index: undefined, fault: `an item is ${form.expects}` }] };
      if (texts.length > itemsMax) {
        return { ok: false, faults: [{ index: itemsMax, fault: `at most ${itemsMax} are taken` }] };
      }
      const value: Item[] = [];
      const faults: KindFault[] = [];
      for (const [index, text] of texts.entries()) {
        const parsed = form.parse(text, place);
        if (parsed.ok) value.push(parsed.value);
        else faults.push({ index, fault: parsed.fault });
      }
      return faults.length === 0 ? { ok: true, value } : { ok: false, faults };
    },
    write: (value) => value.map((item) => form.write(item) ?? ''),
  };
}

/** The same form, which also takes `off` for "none". */
export function orOff<Value>(form: Form<Value>): Form<Value | undefined> {
  return {
    ...form,
    placeholder: `${form.placeholder}|off`,
    expects: `${form.expects}, or off`,
    plain: form.plain.includes('string') ? form.plain : [...form.plain, 'string'],
    schema: { anyOf: [form.schema, { const: 'off' }] },
    parse: (text, place) => (text === 'off' ? { ok: true, value: undefined } : form.parse(text, place)),
    write: (value) => (value === undefined ? 'off' : form.write(value)),
  };
}

/** The same form for a setting that may be left unset, which no text says. */
export function orUnset<Value>(form: Form<Value>): Form<Value | undefined> {
  return { ...form, write: (value) => (value === undefined ? undefined : form.write(value)) };
}
