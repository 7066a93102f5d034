import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runClient } from '../../src/app/client.ts';
import { parseClientCommandLine } from '../../src/config/command-line.ts';
import { encodeFrames } from '../../src/framing/encoder.ts';
import { framed } from '../../src/framing/frame.ts';
import { freePort, nobodyPort } from '../free-port.ts';
import { LogReader, RawClient, startTestServer, surroundings, type RunningServer } from './in-process.ts';

const root = new URL('../fixtures/intel-desktop', import.meta.url).pathname;
const folders: string[] = [];
const running: RunningClient[] = [];
let server: RunningServer;

interface RunningClient {
  readonly log: LogReader;
  readonly folder: string;
  stop(): Promise<void>;
}

beforeAll(async () => {
  server = await startTestServer(['--interval', '0.1']);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.stop()));
});
afterAll(async () => {
  await server.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-client-'));
  folders.push(folder);
  return folder;
}

async function startTestClient(port: number, name: string, folder = newFolder()): Promise<RunningClient> {
  const log = new LogReader();
  const argv = [
    '--server',
    `127.0.0.1:${port}`,
    '--state-dir',
    folder,
    '--name',
    name,
    '--root',
    root,
    '--log-format',
    'json',
    '--log-level',
    'debug',
  ];
  const command = await parseClientCommandLine(surroundings(argv));
  if (command.type !== 'run') throw new Error('the flags ask for no run');
  const leave = new AbortController();
  const complain = (text: string): void => {
    throw new Error(text);
  };
  const onReload = () => () => undefined;
  const usage = () => ({ residentBytes: 0, cpuSeconds: 0 });
  const signal = leave.signal;
  const surface = { stdout: log, complain, env: {}, platform: 'linux', version: '0', signal, onReload, usage } as const;
  const ended = runClient(command.config, command.warnings, surface);
  const client = {
    log,
    folder,
    stop: () => {
      leave.abort();
      return ended;
    },
  };
  running.push(client);
  return client;
}

test('a machine’s readings reach the server’s log, and its leaving is confirmed', async () => {
  const client = await startTestClient(server.port, 'desktop');
  const line = await server.log.waitFor('reading', ({ unit, sensor }) => unit === 'desktop' && sensor === 'cpu_temp');
  expect(line).toMatchObject({ level: 'info', id: 'coretemp/Package id 0', celsius: expect.any(Number) as number });
  for (const sensor of ['ram', 'cpu']) {
    await server.log.waitFor('reading', (reading) => reading['unit'] === 'desktop' && reading['sensor'] === sensor);
  }
  await client.stop();
  expect(await client.log.waitFor('stopped')).toMatchObject({ confirmed: true });
  await server.log.waitFor('disconnected', ({ unit }) => unit === 'desktop');
});

test('a machine is the same unit after a restart, in a new epoch', async () => {
  const first = await startTestClient(server.port, 'phoenix');
  const { client_id: clientId } = await first.log.waitFor('connected');
  await server.log.waitFor('reading', ({ unit }) => unit === 'phoenix');
  await first.stop();
  expect(JSON.parse(readFileSync(join(first.folder, 'identity.json'), 'utf8'))).toEqual({ client_id: clientId });
  const second = await startTestClient(server.port, 'phoenix', first.folder);
  expect(await second.log.waitFor('connected')).toMatchObject({ client_id: clientId });
  await server.log.waitFor('registered', ({ unit, client_id: id }) => unit === 'phoenix' && id === clientId);
});

test('an interval that the operator sets is confirmed by the client', async () => {
  const client = await startTestClient(server.port, 'steered');
  const { client_id: clientId } = await client.log.waitFor('connected');
  const headers = { 'content-type': 'application/json' };
  const url = `${server.api}/units/${String(clientId)}/interval`;
  expect((await fetch(url, { method: 'PUT', headers, body: '{"seconds":0.2}' })).status).toBe(202);
  expect(await client.log.waitFor('interval-changed')).toMatchObject({ interval: 0.2, rev: 2 });
  await server.log.waitFor('interval-confirmed', ({ unit, rev }) => unit === 'steered' && rev === 2);
});

test('while its server is away a client takes readings, and sends them all once it is back', async () => {
  const port = await freePort();
  const client = await startTestClient(port, 'patient');
  await client.log.waitFor('connection-lost');
  await client.log.waitFor('round');
  const late = await startTestServer(['--listen', `tcp://127.0.0.1:${port}`]);
  try {
    const { backlog } = await client.log.waitFor('connected');
    expect(backlog).toBeGreaterThan(0);
    const sensors = new Set<unknown>();
    await late.log.waitFor('reading', ({ unit, sensor }) => unit === 'patient' && sensors.add(sensor).size >= 3);
    await client.stop();
    expect(await client.log.waitFor('stopped')).toMatchObject({ confirmed: true, backlog: 0 });
  } finally {
    await late.stop();
  }
});

test('noise and forged updates at a client’s UDP port change nothing and are told', async () => {
  const client = await startTestClient(server.port, 'besieged');
  const { client_id: clientId } = await client.log.waitFor('connected');
  const { port } = await server.log.waitFor('registered', ({ unit }) => unit === 'besieged');
  const socket = createSocket('udp4');
  const send = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => socket.send(bytes, Number(port), '127.0.0.1', () => resolve()));
  await send(new TextEncoder().encode('noise'));
  await client.log.waitFor('update-ignored', ({ reason }) => reason === 'no frame');
  const forged = framed('!UPDT', '{"interval":86400,"rev":9,"tag":"AAAAAAAAAAAAAAAAAAAAAA"}');
  await send(encodeFrames([forged]));
  // Behind the forged one comes a right one, so that the forged one has been dealt with when that is confirmed.
  const headers = { 'content-type': 'application/json' };
  const url = `${server.api}/units/${String(clientId)}/interval`;
  await fetch(url, { method: 'PUT', headers, body: '{"seconds":0.2}' });
  expect(await client.log.waitFor('interval-changed')).toMatchObject({ interval: 0.2, rev: 2 });
  expect(client.log.count('interval-changed')).toBe(1);
  socket.close();
});

test('a client that is told to stop without a server leaves at once', async () => {
  const client = await startTestClient(nobodyPort, 'lonely');
  await client.log.waitFor('connection-lost');
  await client.stop();
  expect(await client.log.waitFor('stopped')).toMatchObject({ confirmed: false });
});

test('the same name from the same address and without an id is the same unit', async () => {
  const stranger = new RawClient(server.port);
  const { client_id: first } = await stranger.register({ name: 'twin', id: 'a' });
  const client = await startTestClient(server.port, 'twin');
  expect(await client.log.waitFor('connected')).toMatchObject({ client_id: first });
  stranger.close();
});
