import type { Settings } from './setting.ts';
import { groupsOf, membersOf, settingOf } from './setting-groups.ts';
import { shownPlain } from './shown.ts';
import { pathText, type Path, type YamlFault, type YamlTree } from './yaml-tree.ts';

/** What a file says, by whole keys: `log.level` is one, whether it stands in a group or is written out. */
export interface KeyedTree {
  readonly values: ReadonlyMap<string, KeyedValue>;
  readonly faults: readonly YamlFault[];
}

export interface KeyedValue {
  readonly value: unknown;
  /** Where it stands in the file. */
  readonly path: Path;
}

/** Gives each value of a file its whole key: that of its setting, or, where there is none, as it is written. */
export function keyedTree(tree: YamlTree, settings: Settings): KeyedTree {
  const groups = groupsOf(settings);
  const values = new Map<string, KeyedValue>();
  const faults: YamlFault[] = [];
  if (!isMap(tree.root)) {
    const text = `the file is ${shownPlain(tree.root)}; it is settings, one a line, such as "interval: 10"`;
    return { values, faults: [{ line: 1, text, key: '' }] };
  }
  for (const [key, value] of Object.entries(tree.root)) {
    if (groups.has(key) && isMap(value)) {
      for (const [name, inner] of Object.entries(value)) add(`${key}.${name}`, { value: inner, path: [key, name] });
    } else if (groups.has(key) && settingOf(key, settings) === undefined) {
      const names = [...membersOf(key, settings).keys()].join(', ');
      const text = `${key} is ${shownPlain(value)}; it is a group of settings: ${names}`;
      faults.push({ line: tree.lineOf([key]), text, key });
    } else {
      add(key, { value, path: [key] });
    }
  }
  return { values, faults };

  function add(written: string, keyed: KeyedValue): void {
    const key = settingOf(written, settings)?.key ?? written;
    const before = values.get(key);
    if (before === undefined) {
      values.set(key, keyed);
      return;
    }
    const text = `${pathText(keyed.path)} is given a second time; the first is in line ${tree.lineOf(before.path)}`;
    faults.push({ line: tree.lineOf(keyed.path), text, key });
  }
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
