import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { serve, unitReading, until } from '../http/fake-hub.ts';

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
