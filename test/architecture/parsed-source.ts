import type { Node, SourceFile } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';
import type { Texts } from './checkout.ts';

/** A source with its syntax tree, in which comments and strings are no code. */
export interface ParsedSource {
  readonly path: string;
  readonly tree: SourceFile;
}

/** The compiler's own parser, over a file system that holds what it is given and nothing else. */
export interface Parser extends Disposable {
  parse(sources: Texts): readonly ParsedSource[];
}

/** Starts the compiler; it serves any number of calls. */
export function openParser(): Parser {
  const files = new Map<string, string>();
  const api = new API({
    cwd: '/',
    fs: {
      readFile: (path) => files.get(path) ?? null,
      fileExists: (path) => files.has(path),
      directoryExists: (path) => [...files.keys()].some((file) => file.startsWith(`${path}/`)),
      getAccessibleEntries: () => ({ files: [], directories: [] }),
      realpath: (path) => path,
    },
  });
  let checkouts = 0;
  return {
    parse(sources) {
      const top = `/checkout-${(checkouts += 1)}`;
      const configPath = `${top}/tsconfig.json`;
      files.set(configPath, JSON.stringify({ compilerOptions, files: [...sources.keys()] }));
      for (const [path, text] of sources) files.set(`${top}/${path}`, text);
      const project = api.updateSnapshot({ openProjects: [configPath] }).getProject(configPath);
      return [...sources.keys()].map((path) => {
        const tree = project?.program.getSourceFile(`${top}/${path}`);
        if (tree === undefined) throw new Error(`${path} was not parsed`);
        return { path, tree };
      });
    },
    [Symbol.dispose]: () => api.close(),
  };
}

/** Trees only: nothing is looked up, and no types are needed. */
const compilerOptions = { noLib: true, noResolve: true, types: [], module: 'nodenext', noEmit: true };

/** The node and all below it, parents first. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  const children: Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}

/** `src/core/reading.ts:12`, where a person finds the node. */
export function placeOf({ path, tree }: ParsedSource, node: Node): string {
  return `${path}:${tree.text.slice(0, node.getStart(tree)).split('\n').length}`;
}
