import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

const { packages } = JSON.parse(read('package-lock.json')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const { dependencies } = JSON.parse(read('package.json')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');
const ofPrograms = locked.filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true);

test('docs/security.md counts what is installed with the programs', () => {
  const asked = Object.keys(dependencies).length;
  expect(read('docs/security.md')).toContain(`${ofPrograms.length} packages, of which ${asked} are asked for by name`);
});

test('no package of the programs has an install script, and of development only node, as docs/security.md says', () => {
  const withScript = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(withScript.map(([path, { dev }]) => [path, dev])).toEqual([['node_modules/node', true]]);
});
