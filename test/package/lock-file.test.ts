import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hostFaults, missingOptionalFaults, type Lock } from './lock-file.ts';

const lock: Lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));

describe('package-lock.json', () => {
  test('names no host', () => expect(hostFaults(lock)).toEqual([]));
  test('has an entry for every optional package of every platform', () =>
    expect(missingOptionalFaults(lock)).toEqual([]));
  test('has optional packages, so that the rule has something to look at', () => {
    expect(Object.values(lock.packages).some(({ optionalDependencies }) => optionalDependencies !== undefined)).toBe(
      true,
    );
  });
});

describe('a planted fault is found:', () => {
  test('a host', () => {
    const planted: Lock = { packages: { 'node_modules/a': { resolved: 'https://registry.example/a/-/a-1.0.0.tgz' } } };
    expect(hostFaults(planted)).toEqual(['node_modules/a was resolved to https://registry.example/a/-/a-1.0.0.tgz']);
    expect(hostFaults({ packages: { 'node_modules/a': { resolved: 'packages/a' }, '': {} } })).toEqual([]);
  });

  test('an optional package without an entry', () => {
    const planted: Lock = { packages: { 'node_modules/a': { optionalDependencies: { 'a-win32': '1.0.0' } } } };
    expect(missingOptionalFaults(planted)).toEqual([
      'node_modules/a has no entry for a-win32; run node tools/complete-lockfile.ts',
    ]);
  });

  test.each(['node_modules/a/node_modules/b/node_modules/c', 'node_modules/a/node_modules/c', 'node_modules/c'])(
    'but not where the entry is at %s',
    (path) => {
      const b = { optionalDependencies: { c: '1.0.0' } };
      expect(missingOptionalFaults({ packages: { 'node_modules/a/node_modules/b': b, [path]: {} } })).toEqual([]);
    },
  );
});
