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

test('what a real server has acknowledged is in the history of its unit, with the gap since it left, in the local time zone', async () => {
  const data = temporaryFolder();
  const flags = ['--listen', 'tcp://127.0.0.1:0', '--http', '127.0.0.1:0', '--data-dir', data, '--log-format', 'json'];
  await using server = startDaemon('telemetry-server', flags, { TELEMETRY_STORE_KIND: 'memory' });
  const { port } = await server.event({ event: 'listening', listener: 'tcp' });
  const { port: apiPort } = await server.event({ event: 'listening', listener: 'http' });
  const client = new RawClient(Number(port));
  await client.register({ name: 'raw' });
  const startMs = Date.UTC(2026, 10, 21, 10);
  for (let seq = 1; seq <= 20; seq += 1) {
    const time = startMs + (seq - 1) * 15_000;
    client.send('!INFO', JSON.stringify({ seq, time, sensor: 'cpu_temp', id: 'k10temp', celsius: 40 + seq }));
    expect(await client.answer()).toBe('!INFO: RECEIVED');
  }
  client.send('!DISC');
  expect(await client.answer()).toBe('!DISC: RECEIVED');
  client.close();

  const range = ['--from', '2026-11-21T10:00:00Z', '--to', '2026-11-21T10:06:00Z', '--step', '1m'];
  const api = ['--api', `http://127.0.0.1:${Number(apiPort)}`];
  const { child, ended, stderr } = spawned([...api, 'history', 'raw', ...range], {
    TZ: 'Europe/Berlin',
    LC_ALL: 'C.UTF-8',
  });
  const stdout = await text(child.stdout);
  expect([await ended, await stderr]).toEqual([0, '']);
  // 73 columns for six minutes: twelve for each, the last of which has nothing.
  const bars = (...cells: readonly string[]): string =>
    cells
      .map((cell) => cell.repeat(12))
      .join('')
      .trimEnd();
  expect(stdout).toBe(`raw  2026-11-21 11:00:00 to 2026-11-21 11:06:00 (Europe/Berlin), steps of 1m

cpu_temp k10temp

celsius °C
60.0 ┤${bars(' ', ' ', ' ', '░', '▆')}
     ┤${bars(' ', ' ', '▁', '▇', '█')}
     ┤${bars(' ', '▂', '█', '█', '█')}
41.0 ┤${bars('▃', '█', '█', '█', '█')}
      11:00${' '.repeat(62)}11:06

TIME   celsius °C min   avg   max
11:00            41.0  42.5  44.0
11:01            45.0  46.5  48.0
11:02            49.0  50.5  52.0
11:03            53.0  54.5  56.0
11:04            57.0  58.5  60.0
-- left since 11:04:45: it had said goodbye
`);
  await server.stop();
});
