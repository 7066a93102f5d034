import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { screenBegins, screenEnds } from '../../../src/app/ctl/terminal.ts';
import { nobodyPort } from '../../free-port.ts';
import { until } from '../../http/fake-hub.ts';
import { startDaemon } from '../../program.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** `telemetryctl` on a real terminal, which `on_terminal.py` has made for it. */
function onTerminal(...args: readonly string[]) {
  const program = [process.execPath, pathOf('../../../src/bin/telemetryctl.ts'), ...args];
  const child = spawn('python3', [pathOf('on_terminal.py'), '100', '30', ...program], {
    env: { ...process.env, TERM: 'xterm', LC_ALL: 'C.UTF-8' },
  });
  const seen = { shown: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (seen.shown += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (seen.errors += text));
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    /** What was drawn last. */
    screen: (): string => seen.shown.split('\u001B[H').at(-1) ?? '',
    all: (): string => seen.shown,
    type: (keys: string) => child.stdin.write(keys),
    /** How it ended, or what went wrong. */
    ended: once(child, 'close').then(() => seen.errors.trimEnd().split('\n').at(-1)),
  };
}

test('on a real terminal the real program shows the real fleet, opens a unit, and leaves the terminal as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-top-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const listen = ['--listen', 'tcp://127.0.0.1:0', '--http', '127.0.0.1:0', '--interval', '0.5'];
  await using server = startDaemon('telemetry-server', [...listen, '--data-dir', join(folder, 'server')]);
  const { port: apiPort } = await server.event({ event: 'listening', listener: 'http' });
  const { port } = await server.event({ event: 'listening', listener: 'tcp' });
  const client = ['--server', `127.0.0.1:${String(port)}`, '--name', 'bench-03', '--state-dir', join(folder, 'client')];
  await using _client = startDaemon('telemetry-client', client);
  await server.event({ event: 'reading', unit: 'bench-03', sensor: 'ram' });

  const top = onTerminal('--api', `http://127.0.0.1:${String(apiPort)}`, 'top');
  await until(() => /1 unit: 1 online/.test(top.screen()) && top.screen().includes('q end'), 'the whole of the fleet');
  expect(top.all().startsWith(screenBegins)).toBe(true);
  expect(top.screen()).toMatch(/\[7mbench-03 +online .* \d+% /);
  expect(top.screen().split('\r\n')).toHaveLength(30);
  top.type('\r');
  await until(() => top.screen().includes('Esc back') && /\d ┤/.test(top.screen()), 'the plots');
  expect(top.screen()).toMatch(/bench-03 {2}.*online.* {2}seen .* {2}every 0\.5 s/);
  top.type('\u001B');
  await until(() => top.screen().includes('q end'), 'the list');
  top.type('q');
  expect(await top.ended).toBe('{"code": 0, "wasRaw": true, "asBefore": true}');
  expect(top.all().endsWith(screenEnds)).toBe(true);
});

test('a server that is not there leaves a real terminal as it was, with the reason on it', async () => {
  const top = onTerminal('--api', `http://127.0.0.1:${nobodyPort}`, 'top');
  await until(() => top.screen().includes('connecting'), 'the screen');
  expect(await top.ended).toBe('{"code": 1, "wasRaw": true, "asBefore": true}');
  expect(top.all().split(screenEnds).at(-1)).toMatch(/^telemetryctl: Nobody answers at .*\[api-unreachable\]\r\n$/);
});
