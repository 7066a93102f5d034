import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RawClient, readingText } from '../app/in-process.ts';
import { FakeHub, serve, unitReading, unitView, until } from '../http/fake-hub.ts';
import { startDaemon } from '../program.ts';
import { temporaryFolder } from '../store/opened.ts';

const program = fileURLToPath(new URL('../../src/bin/telemetryctl.ts', import.meta.url));

function spawned(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [program, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').then(([code]) => Number(code));
  return { child, ended, stderr: text(child.stderr) };
}

test('the program itself lists the units, and leaves at once', async () => {
  await using api = await serve();
  const { child, ended, stderr } = spawned(['units'], { TELEMETRY_API: api.url });
  const stdout = text(child.stdout);
  expect([await ended, await stderr]).toEqual([0, '']);
  expect(await stdout).toContain('bench-03');
});

test('the program itself leaves with 2 for bad usage', async () => {
  const { child, ended, stderr } = spawned(['units', '--verbose']);
  child.stdout.resume();
  expect([await ended, await stderr]).toEqual([2, expect.stringContaining('verbose')]);
});

test('an interrupt ends tail with 0', async () => {
  await using api = await serve();
  const { child, ended, stderr } = spawned(['--api', api.url, 'tail']);
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (seen += String(chunk)));
  await until(() => {
    api.hub.commit(unitReading(1));
    return seen.includes('\n');
  }, 'the first line');
  child.kill('SIGINT');
  expect([await ended, await stderr]).toEqual([0, '']);
});

test('a reader that closes the pipe, as head does, ends tail with 0 and no word', async () => {
  await using api = await serve();
  const { child, ended, stderr } = spawned(['--api', api.url, 'tail', '--json']);
  let left = false;
  void ended.then(() => (left = true));
  child.stdout.once('data', () => child.stdout.destroy());
  await until(() => {
    api.hub.commit(unitReading(1));
    return left;
  }, 'the end');
  expect([await ended, await stderr]).toEqual([0, '']);
});

test('a reader that closes the pipe ends export with 0 and no word', async () => {
  const hub = new FakeHub(unitView());
  hub.kept = {
    async *query() {
      for (let seq = 1; ; seq += 1) yield unitReading(seq);
    },
  };
  await using api = await serve({ hub });
  const { child, ended, stderr } = spawned(['--api', api.url, 'export', '--json']);
  child.stdout.once('data', () => child.stdout.destroy());
  expect([await ended, await stderr]).toEqual([0, '']);
});

test('what a real server has acknowledged is in its export and in its backup, while it runs', async () => {
  const data = temporaryFolder();
  const flags = ['--listen', 'tcp://127.0.0.1:0', '--http', '127.0.0.1:0', '--data-dir', data, '--log-format', 'json'];
  await using server = startDaemon('telemetry-server', flags, { TELEMETRY_STORE_KIND: 'sqlite' });
  const { port } = await server.event({ event: 'listening', listener: 'tcp' });
  const { port: apiPort } = await server.event({ event: 'listening', listener: 'http' });
  const client = new RawClient(Number(port));
  await client.register({ name: 'raw' });
  for (let seq = 1; seq <= 20; seq += 1) client.send('!INFO', readingText(seq));
  for (let seq = 1; seq <= 20; seq += 1) expect(await client.answer()).toBe('!INFO: RECEIVED');

  const file = join(data, 'backup.db');
  const backup = spawned(['store', 'backup', file, '--data-dir', data]);
  backup.child.stdout.resume();
  expect([await backup.ended, await backup.stderr]).toEqual([0, '']);
  const { child, ended } = spawned([
    '--api',
    `http://127.0.0.1:${Number(apiPort)}`,
    'export',
    '--json',
    '--unit',
    'raw',
  ]);
  const lines = (await text(child.stdout)).trimEnd().split('\n');
  expect(await ended).toBe(0);
  expect(lines.map((line): unknown => JSON.parse(line).seq)).toEqual(Array.from(lines, (_, index) => index + 1));
  expect(lines).toHaveLength(20);
  client.close();
  await server.stop();

  mkdirSync(join(data, 'restored', 'store'), { recursive: true });
  renameSync(file, join(data, 'restored', 'store', 'telemetry.db'));
  const check = spawned(['store', 'check', '--data-dir', join(data, 'restored')]);
  expect(await text(check.child.stdout)).toContain('whole, 20 readings of 1 unit');
  expect(await check.ended).toBe(0);
});
