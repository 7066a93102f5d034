import {
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writePrivateFile } from '../../src/client/private-file.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-private-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a file is written for its user alone, and leaves nothing beside it', () => {
  const folder = newFolder();
  expect(writePrivateFile(join(folder, 'a'), 'one', { replace: false, mark: 'm' })).toBe(true);
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('one');
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['a']);
});

test('what is there stays, or gives way as a whole where that is wanted', () => {
  const folder = newFolder();
  const path = join(folder, 'a');
  writePrivateFile(path, 'one', { replace: false, mark: 'm' });
  expect(writePrivateFile(path, 'two', { replace: false, mark: 'm' })).toBe(false);
  expect(readFileSync(path, 'utf8')).toBe('one');
  expect(writePrivateFile(path, 'two', { replace: true, mark: 'm' })).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['a']);
});

test('a link that somebody has put there is not followed', () => {
  const folder = newFolder();
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'kept');
  symlinkSync(victim, join(folder, 'a'));
  writePrivateFile(join(folder, 'a'), 'one', { replace: true, mark: 'm' });
  symlinkSync(victim, join(folder, 'b.m.partial'));
  expect(() => writePrivateFile(join(folder, 'b'), 'one', { replace: true, mark: 'm' })).toThrow(/EEXIST/);
  expect(readFileSync(victim, 'utf8')).toBe('kept');
});

test('a file belongs to the user of its folder', () => {
  const folder = newFolder();
  // Only root may give a folder away; for others it is theirs already.
  if (process.geteuid?.() === 0) chownSync(folder, 12_345, 12_346);
  writePrivateFile(join(folder, 'a'), 'one', { replace: false, mark: 'm' });
  const { uid, gid } = statSync(folder);
  expect(statSync(join(folder, 'a'))).toMatchObject({ uid, gid });
});
