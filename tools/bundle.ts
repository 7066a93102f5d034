/**
 * Makes of `src` what is shipped: a few modules in place of several hundred, each of which costs Node.js some 35 KiB and a quarter of a millisecond at each start
 * (docs/decisions/rolldown.md). What is loaded later stays a module of its own. Packages are not touched: they are installed beside it.
 */
import { basename, isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { interfaces, programs, threads } from './entries.ts';

const source = (path: string): string => fileURLToPath(new URL(`../src/${path}.ts`, import.meta.url));

await build({
  input: {
    ...Object.fromEntries([...programs, ...interfaces].map((path) => [path, source(path)])),
    ...Object.fromEntries(threads.map((path) => [`bin/${basename(path)}`, source(path)])),
  },
  platform: 'node',
  external: (name) => !name.startsWith('.') && !isAbsolute(name),
  output: {
    dir: fileURLToPath(new URL('../dist', import.meta.url)),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'bin/[name].js',
    // They are in the source maps.
    comments: { jsdoc: false },
    sourcemap: true,
  },
  logLevel: 'warn',
});
