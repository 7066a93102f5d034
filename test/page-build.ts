import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Before the tests: builds the dashboard anew where its sources have changed since, so that no test looks at an old one. */
export default async function setup(): Promise<void> {
  const newestMs = Math.max(...['web', 'src/api', 'src/core'].flatMap((folder) => changesIn(path(folder))));
  if (builtMs() >= newestMs) return;
  await build({ root: path('web'), configFile: path('web/vite.config.ts'), logLevel: 'warn' });
}

function changesIn(folder: string): readonly number[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => statSync(`${parentPath}/${name}`).mtimeMs);
}

function builtMs(): number {
  return statSync(path('dist/web/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
