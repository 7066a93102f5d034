import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';

export type Path = readonly PropertyKey[];

/** A fault and its place. */
export interface YamlFault {
  readonly line: number;
  readonly column?: number;
  readonly text: string;
  /** The key of the setting that it spoils. */
  readonly key?: string;
}

/** A YAML text as plain values. */
export interface YamlTree {
  readonly root: unknown;
  /** What is no YAML, or is YAML that we do not take. */
  readonly faults: readonly YamlFault[];
  /** The line of a value's key, or of the nearest thing around it. */
  lineOf(path: Path): number;
}

/** No setting is half as deep; what is deeper is no setting, and a fault where its topmost key stands. */
const depthMax = 8;

/**
 * The values of a YAML text. Aliases are refused, so that a text is no larger than it looks. A group of `groups` that
 * stands empty (all its members commented out) counts as one without members.
 */
export function yamlTree(text: string, groups: ReadonlySet<string>): YamlTree {
  const lineCounter = new LineCounter();
  // `uniqueKeys` compares each key with every other; the walk below does it with a set.
  const options = {
    lineCounter,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
    merge: false,
    logLevel: 'silent',
  } as const;
  const document = parseDocument(text, options);
  const faults: YamlFault[] = [];
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const { line, col } = lineCounter.linePos(pos[0]);
    const reason = code === 'RESOURCE_EXHAUSTION' ? 'it is nested too deeply' : message;
    // What follows on the same line is the same mistake seen once more.
    if (!faults.some((fault) => fault.line === line))
      faults.push({ line, column: col, text: `this is not the YAML of a configuration: ${reason}` });
  }
  const lines = new Map<string, number>();
  const root = faults.length > 0 ? undefined : walk(document.contents, []);
  return { root: root ?? {}, faults, lineOf };

  function lineOf(path: Path): number {
    for (let length = path.length; length > 0; length -= 1) {
      const line = lines.get(keyOf(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return 1;
  }

  function walk(node: unknown, path: Path): unknown {
    const at = lines.get(keyOf(path)) ?? 1;
    if (isAlias(node)) {
      faults.push({ line: at, text: `${pathText(path)} is an alias (*${node.source}); write the value itself` });
      return undefined;
    }
    if (isMap(node)) return path.length < depthMax ? walkMap(node, path) : {};
    if (isSeq(node)) {
      if (path.length >= depthMax) return [];
      return node.items.map((item, index) => {
        const inner = [...path, index];
        lines.set(keyOf(inner), lineOfNode(item) ?? at);
        return walk(item, inner) ?? null;
      });
    }
    const value = isScalar(node) ? node.value : null;
    return value === null && path.length === 1 && groups.has(pathText(path)) ? {} : value;
  }

  function walkMap(map: YAMLMap, path: Path): unknown {
    const members: Record<string, unknown> = {};
    for (const { key, value } of map.items) {
      const line = lineOfNode(key) ?? lines.get(keyOf(path)) ?? 1;
      if (!isScalar(key) || typeof key.value !== 'string') {
        faults.push({ line, text: 'a key is not a word' });
        continue;
      }
      const inner = [...path, key.value];
      const before = lines.get(keyOf(inner));
      if (Object.hasOwn(members, key.value)) {
        faults.push({ line, text: `${pathText(inner)} is given a second time; the first is in line ${before ?? 1}` });
        continue;
      }
      lines.set(keyOf(inner), line);
      // Assigning to `__proto__` would make no member of it.
      Object.defineProperty(members, key.value, { value: walk(value, inner), enumerable: true });
    }
    return members;
  }

  function lineOfNode(node: unknown): number | undefined {
    const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
    return range === undefined || range === null ? undefined : lineCounter.linePos(range[0]).line;
  }
}

/** A path as people write it: `log.level`, `listen[1]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path)
    text += typeof step === 'number' ? `[${step}]` : `${text === '' ? '' : '.'}${String(step).slice(0, 60)}`;
  return text;
}

/** A path as one text; `log.level` in one step and in two are different paths. */
function keyOf(path: Path): string {
  return path.map(String).join('\n');
}
