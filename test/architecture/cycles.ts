import { importsOf } from './imports.ts';
import type { ParsedSource } from './parsed-source.ts';

/** Files that import each other around, each cycle once. An import of a type counts: a reader has to follow it too. */
export function cycleFaults(sources: readonly ParsedSource[]): readonly string[] {
  const targetsOf = new Map(
    sources.map((source) => [source.path, importsOf(source).flatMap(({ target }) => target ?? [])]),
  );
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) cycles.push([...way.slice(start), path].join(' -> '));
    if (start >= 0 || finished.has(path)) return;
    for (const target of targetsOf.get(path) ?? []) visit(target, [...way, path]);
    finished.add(path);
  };
  for (const path of targetsOf.keys()) visit(path, []);
  return cycles;
}
