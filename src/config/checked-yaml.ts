import type { FileEntries, FileEntry } from './file-entries.ts';
import { keyedTree, type KeyedTree } from './keyed-tree.ts';
import type { Place } from './kind.ts';
import { nearest } from './nearest.ts';
import { plainTexts } from './plain-texts.ts';
import { keyedSchemaOf } from './schema.ts';
import type { Settings } from './setting.ts';
import { groupOf, groupsOf, membersOf } from './setting-groups.ts';
import { shownPlain } from './shown.ts';
import { pathText, yamlTree, type Path, type YamlFault, type YamlTree } from './yaml-tree.ts';

/**
 * Reads and checks a configuration file with the YAML library and zod. `file` is its name as faults show it. All faults are
 * found, each with its line; what is right comes along, so that it need not be called missing.
 */
export function checkedYaml(
  text: string,
  { file, settings, place }: { readonly file: string; readonly settings: Settings; readonly place: Place },
): FileEntries {
  const tree = yamlTree(text, groupsOf(settings));
  const keyed = keyedTree(tree, settings);
  // What is not YAML has no values to judge.
  const faults = tree.faults.length > 0 ? tree.faults : [...keyed.faults, ...faultsOf(keyed, tree, settings, place)];
  const wrong = new Set(faults.map((fault) => fault.key));
  const entries = new Map<string, FileEntry>();
  for (const { key, kind } of Object.values(settings)) {
    const found = wrong.has(key) ? undefined : keyed.values.get(key);
    const texts = found === undefined ? undefined : plainTexts(kind, found.value);
    if (found !== undefined && texts?.ok === true) {
      entries.set(key, { texts: texts.texts, line: tree.lineOf(found.path) });
    }
  }
  const ordered = faults.toSorted((one, other) => one.line - other.line || (one.column ?? 0) - (other.column ?? 0));
  return {
    entries,
    faults: ordered.map(
      ({ line, column, text }) => `${file}:${line}${column === undefined ? '' : `:${column}`}: ${text}`,
    ),
  };
}

function faultsOf({ values }: KeyedTree, tree: YamlTree, settings: Settings, place: Place): readonly YamlFault[] {
  const secrets = new Set(Object.values(settings).flatMap(({ key, secret }) => (secret === true ? [key] : [])));
  const root = Object.fromEntries([...values].map(([key, { value }]) => [key, value]));
  const faults: YamlFault[] = [];
  const add = (key: string, path: Path, text: string): void => {
    faults.push({ line: tree.lineOf(path), text: `${pathText(path)} is ${text}`, key });
  };
  for (const issue of keyedSchemaOf(settings, place).safeParse(root).error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) add(key, pathOf(key), `not a setting; ${advice(key, settings)}`);
      continue;
    }
    const [key = '', ...inner] = issue.path;
    const shown = secrets.has(String(key)) ? '***' : shownPlain(valueAt(values.get(String(key))?.value, inner));
    add(String(key), [...pathOf(String(key)), ...inner], `${shown}; ${issue.message}`);
  }
  return faults;

  function pathOf(key: string): Path {
    return values.get(key)?.path ?? [key];
  }
}

function advice(key: string, settings: Settings): string {
  const keys = Object.values(settings).map((setting) => setting.key);
  const name = key.slice(key.lastIndexOf('.') + 1);
  const meant =
    nearest(key, keys) ?? keys.find((candidate) => candidate.slice(candidate.lastIndexOf('.') + 1) === name);
  if (meant !== undefined) return `did you mean ${meant}?`;
  const group = groupOf(key);
  const inside = [...membersOf(group, settings).keys()];
  if (group !== '' && inside.length > 0) return `the settings in ${group} are ${inside.join(', ')}`;
  const top = keys.filter((candidate) => !candidate.includes('.'));
  return `the settings are ${top.join(', ')}, and those in ${[...groupsOf(settings)].join(', ')}`;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
