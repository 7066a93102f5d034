import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CodedError } from '../../../src/core/coded-error.ts';
import { labels, readings, takeCount } from './opened.ts';
import { StateFolder } from './state-folder.ts';

async function refusalOf(opening: Promise<unknown>): Promise<CodedError> {
  const error = await opening.catch((error: unknown) => error);
  if (error instanceof CodedError) return error;
  throw new Error('it was opened', { cause: error });
}

test('what is in a spool is there when it is opened again, for its user alone to read', async () => {
  await using state = await StateFolder.make();
  const first = await state.open();
  await first.spool.add(readings('a', 1, 3, 1_000));
  await first.close();
  expect((await stat(join(state.path, 'spool'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(state.path, 'spool/00000001.spool'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(state.path, 'spool-owner'))).mode & 0o777).toBe(0o600);
  const second = await state.open();
  expect(await takeCount(second.spool, 3)).toEqual(readings('a', 1, 3, 1_000));
  await second.close();
  expect(state.events).toEqual([]);
});

test('a segment is text that a person can read', async () => {
  await using state = await StateFolder.make();
  const { spool, close } = await state.open();
  await spool.add(readings('5f2c91e0', 1, 1, 1_000));
  await close();
  const [header, copy, record] = (await readFile(join(state.path, 'spool/00000001.spool'), 'utf8')).split('\n');
  expect(header).toMatch(/^[0-9a-f]{8} \d+ \{"spool":2,"owner":"ab000001","salt":"ab000002","segment":1\}$/);
  expect(copy).toBe(header);
  expect(record).toMatch(
    /^[0-9a-f]{8} \d+ \{"epoch":"5f2c91e0","seq":1,"time":1000,"readings":\[\["test",\{"value":0.125\},"é 1"\]\]\}$/,
  );
});

test('a second client is refused while one works with the folder, and taken when that has left', async () => {
  await using state = await StateFolder.make();
  const first = await state.open();
  const { code, exitCode, message } = await refusalOf(state.open());
  expect([code, exitCode]).toEqual(['state-in-use', 1]);
  expect(message).toContain(`${state.path}: another telemetry-client works with this folder; end it`);
  await first.close();
  expect(await readdir(state.path)).not.toContain('client-1.lock');
  await (await state.open()).close();
});

test('of clients that start together on a lock that was left behind, one gets the folder', async () => {
  await using state = await StateFolder.make();
  // A file is as dead as the socket of a process that was killed.
  await writeFile(join(state.path, 'client-1.lock'), '');
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => state.open()));
  const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
  expect([opened.length, new Set(refused)]).toEqual([1, new Set(['state-in-use'])]);
  for (const { close } of opened) await close();
  expect((await readdir(state.path)).filter((name) => name.endsWith('.lock'))).toEqual([]);
});

test('a folder with a long path is locked like any other', async () => {
  await using state = await StateFolder.make();
  const stateDir = join(state.path, 'x'.repeat(120));
  await mkdir(stateDir);
  const first = await state.open({ stateDir });
  expect((await refusalOf(state.open({ stateDir }))).code).toBe('state-in-use');
  await first.close();
  await (await state.open({ stateDir })).close();
});

test('a refused client leaves the folder to the next', async () => {
  await using state = await StateFolder.make();
  await writeFile(join(state.path, 'spool'), 'a file');
  const { code, message } = await refusalOf(state.open());
  expect(code).toBe('folder-unwritable');
  expect(message).toContain(`${state.path}/spool cannot be read and written (EEXIST); give this user the right to`);
  await rm(join(state.path, 'spool'));
  await (await state.open()).close();
});

test("another client's spool is refused; without the file that names the owner it is this one's", async () => {
  await using state = await StateFolder.make();
  await using other = await StateFolder.make();
  const first = await state.open();
  await first.spool.add(readings('a', 1, 2, 1_000));
  await first.close();
  const elsewhere = await other.open({ drawHex: () => 'cccccccc' });
  await elsewhere.close();
  await rm(join(other.path, 'spool'), { recursive: true });
  await symlink(join(state.path, 'spool'), join(other.path, 'spool'));
  expect((await refusalOf(other.open())).code).toBe('spool-of-another');
  await rm(join(other.path, 'spool-owner'));
  const adopted = await other.open();
  expect(labels(await takeCount(adopted.spool, 2))).toEqual(['a1', 'a2']);
  await adopted.close();
  expect(await readFile(join(other.path, 'spool-owner'), 'utf8')).toBe('ab000001\n');
});

test('a damaged file of the owner is as good as none', async () => {
  await using state = await StateFolder.make();
  await writeFile(join(state.path, 'spool-owner'), '\0\0\0\0\0\0\0\0');
  await (await state.open()).close();
  expect(await readFile(join(state.path, 'spool-owner'), 'utf8')).toBe('ab000001\n');
});

test('a lock that somebody holds and does not answer is a lock', async () => {
  await using state = await StateFolder.make();
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(join(state.path, 'client-1.lock'), resolve));
  expect((await refusalOf(state.open())).code).toBe('state-in-use');
  await new Promise((resolve) => void server.close(resolve));
});

test('a client is found by its lock although a later one was left by the dead', async () => {
  await using state = await StateFolder.make();
  const first = await state.open();
  await writeFile(join(state.path, 'client-2.lock'), '');
  expect((await refusalOf(state.open())).code).toBe('state-in-use');
  await first.close();
  await (await state.open()).close();
  expect((await readdir(state.path)).filter((entry) => entry.endsWith('.lock'))).toEqual([]);
});

test('a spool folder that was removed is no reason to stop: readings are sent from memory, and it is said', async () => {
  await using state = await StateFolder.make();
  const { spool, close } = await state.open({ bytesMax: 1_600 });
  await rm(join(state.path, 'spool'), { recursive: true });
  for (let round = 1; round <= 5; round += 1) await spool.add(readings('a', round, round, round));
  expect(labels(await takeCount(spool, 5))).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
  expect(state.events).toEqual(['spool-failed']);
  await close();
});
