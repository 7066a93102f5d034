import type { FileEntries, FileEntry } from './file-entries.ts';
import type { Place } from './kind.ts';
import { nearest } from './nearest.ts';
import { plainTexts } from './plain-texts.ts';
import { schemaOf } from './schema.ts';
import type { Setting, Settings } from './setting.ts';
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
  const list = Object.values(settings);
  const groups = new Set(list.flatMap(({ key }) => (key.includes('.') ? [groupOf(key)] : [])));
  const tree = yamlTree(text, groups);
  // What is not YAML has no values to judge.
  const faults = tree.faults.length > 0 ? tree.faults : faultsOf(tree, settings, place);
  const wrong = new Set(faults.map((fault) => fault.key));
  const entries = new Map<string, FileEntry>();
  for (const setting of list) {
    const value = valueAt(tree.root, setting.key.split('.'));
    const texts = value === undefined || wrong.has(setting.key) ? undefined : plainTexts(setting.kind, value);
    if (texts?.ok === true) entries.set(setting.key, { texts: texts.texts, line: tree.lineOf(setting.key.split('.')) });
  }
  const ordered = faults.toSorted((one, other) => one.line - other.line || (one.column ?? 0) - (other.column ?? 0));
  return {
    entries,
    faults: ordered.map(
      ({ line, column, text }) => `${file}:${line}${column === undefined ? '' : `:${column}`}: ${text}`,
    ),
  };
}

function faultsOf(tree: YamlTree, settings: Settings, place: Place): readonly YamlFault[] {
  const list = Object.values(settings);
  const faults: YamlFault[] = [];
  const add = (path: Path, text: string) =>
    faults.push({ line: tree.lineOf(path), text, key: pathText(path.filter((step) => typeof step === 'string')) });
  for (const issue of schemaOf(settings, place).safeParse(tree.root).error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys)
        add(
          [...issue.path, key],
          `${pathText([...issue.path, key])} is not a setting; ${advice([...issue.path, key], list)}`,
        );
    } else if (issue.code === 'custom') {
      const setting = list.find(({ key }) => key === pathText(issue.path.filter((step) => typeof step === 'string')));
      const shown = setting?.secret === true ? '***' : shownPlain(valueAt(tree.root, issue.path));
      add(issue.path, `${pathText(issue.path)} is ${shown}; ${issue.message}`);
    } else if (issue.path.length === 0) {
      add([], `the file is ${shownPlain(tree.root)}; it is settings, one a line, such as "interval: 10"`);
    } else {
      const group = pathText(issue.path);
      add(
        issue.path,
        `${group} is ${shownPlain(valueAt(tree.root, issue.path))}; it is a group of settings: ${namesIn(group, list)}`,
      );
    }
  }
  return faults;
}

function advice(path: Path, list: readonly Setting<unknown>[]): string {
  const keys = list.map(({ key }) => key);
  const name = path.at(-1);
  const meant = nearest(pathText(path), keys) ?? keys.find((key) => key.split('.').at(-1) === name);
  if (meant !== undefined) return `did you mean ${meant}?`;
  const group = pathText(path.slice(0, -1));
  return group === '' ? `the settings are ${keys.join(', ')}` : `the settings in ${group} are ${namesIn(group, list)}`;
}

function namesIn(group: string, list: readonly Setting<unknown>[]): string {
  const inside = list.filter(({ key }) => groupOf(key) === group);
  return inside.map(({ key }) => key.slice(group.length + 1)).join(', ');
}

function groupOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf('.')));
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
