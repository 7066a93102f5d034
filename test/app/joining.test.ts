import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type LogEvent, type Program } from '../program.ts';

let folder: string;
let server: Program;
let api: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'telemetry-joining-'));
  const listen = ['--listen', 'tcp://127.0.0.1:0', '--listen', 'tls://127.0.0.1:0', '--http', '127.0.0.1:0'];
  server = startDaemon('telemetry-server', [...listen, '--data-dir', join(folder, 'server'), '--interval', '0.5']);
  api = `http://127.0.0.1:${String((await server.event({ event: 'listening', listener: 'http' }))['port'])}`;
  await server.event({ event: 'listening', listener: 'tls' });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What `telemetryctl` prints. */
async function ctl(...args: readonly string[]): Promise<string> {
  const file = fileURLToPath(new URL('../../src/bin/telemetryctl.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, '--api', api, ...args]);
  return stdout;
}

function startClient(...args: readonly string[]): Program {
  return startDaemon('telemetry-client', args);
}

test('one line of telemetryctl makes a machine a unit that reports over TLS, under the name that it was given, without a further argument', async () => {
  const stateDir = join(folder, 'web-01');
  const line = await ctl('token', 'new', '--host', '127.0.0.1');
  const [program, word, invitation] = line.trim().split(' ');
  expect([program, word]).toEqual(['telemetry-client', 'join']);
  {
    await using joining = startClient('join', String(invitation), '--name', 'web-01', '--state-dir', stateDir);
    expect(await joining.ended).toEqual({ code: 0, signal: null });
  }
  await using client = startClient('--state-dir', stateDir);
  const reading = await server.event({ event: 'reading', unit: 'web-01' });
  expect(await client.event({ event: 'connected' })).toMatchObject({ client_id: reading['client_id'], v: 2 });
  // Who has only the name gets nothing, and the log says so.
  await using impostor = startClient(
    '--server',
    `127.0.0.1:${tcpPort()}`,
    '--name',
    'web-01',
    '--state-dir',
    join(folder, 'impostor'),
  );
  expect(await impostor.event({ event: 'registration-refused' })).toMatchObject({ code: 'not-allowed' });
  expect(await server.event({ event: 'registration-refused', unit: 'web-01' })).toMatchObject({ code: 'not-allowed' });
  // A token that was used lets nobody else in.
  await using second = startClient(
    'join',
    String(invitation),
    '--name',
    'web-02',
    '--state-dir',
    join(folder, 'web-02'),
  );
  expect(await second.ended).toEqual({ code: 1, signal: null });
  expect(second.errors()).toContain('not-allowed');
});

test('a machine that is revoked is disconnected at once, and comes back when it is approved', async () => {
  await using client = startClient(
    '--server',
    `127.0.0.1:${tcpPort()}`,
    '--name',
    'db-01',
    '--state-dir',
    join(folder, 'db-01'),
  );
  await client.event({ event: 'connected' });
  await ctl('machines', 'revoke', 'db-01');
  const from = client.events.length;
  expect(await client.event({ event: 'registration-refused' })).toMatchObject({ code: 'not-allowed' });
  await ctl('machines', 'approve', 'db-01');
  await client.event({ event: 'connected' }, { from });
});

function tcpPort(): number {
  const listening = server.events.find((event: LogEvent) => event['listener'] === 'tcp');
  return Number(listening?.['port']);
}
