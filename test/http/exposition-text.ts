/** A family of Prometheus' text format as an answer has it. */
export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  /** By the sample as it stands there, `name{label="value"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

/**
 * The families of an answer in version 0.0.4. Throws where a family stands in two places, has no HELP or TYPE before its samples, or has a series twice: what a scraper might let pass, or
 * take half of.
 */
export function parseExposition(text: string): ReadonlyMap<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, { type: string; help: string; samples: Map<string, number> }>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const [, help, words] = /^# HELP (\S+) (.+)$/.exec(line) ?? [];
    const [, typed, type] = /^# TYPE (\S+) (\w+)$/.exec(line) ?? [];
    if (help !== undefined) {
      if (families.has(help)) throw new Error(`${help} stands in two places`);
      families.set(help, { type: '', help: words ?? '', samples: new Map() });
      current = help;
    } else if (typed !== undefined) {
      const family = families.get(typed);
      if (typed !== current || family === undefined || family.samples.size > 0) throw new Error(`stray: ${line}`);
      family.type = type ?? '';
    } else {
      const [, series, name, value] =
        /^(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\n"])*",?)+\})?) (\S+)$/.exec(line) ?? [];
      const family = families.get(current);
      if (series === undefined || name === undefined || family === undefined) throw new Error(`no sample: ${line}`);
      const own = family.type === 'histogram' ? name.replace(/_(bucket|sum|count)$/, '') : name;
      if (own !== current || family.type === '') throw new Error(`not of ${current}: ${line}`);
      if (family.samples.has(series)) throw new Error(`twice: ${series}`);
      family.samples.set(series, Number(value));
    }
  }
  return families;
}
