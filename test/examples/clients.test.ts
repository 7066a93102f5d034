import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { freePort } from '../free-port.ts';
import { startServer } from '../interop/running-server.ts';
import { startProgram } from '../program.ts';
import type { Program } from '../program.ts';
import { examplePath, exampleText } from './example-file.ts';

const root = fileURLToPath(new URL('../fixtures/intel-desktop', import.meta.url));
const total = Number(/^MemTotal: +(\d+) kB$/m.exec(readFileSync(`${root}/proc/meminfo`, 'utf8'))?.[1]) * 1024;
const coreTemperature = { sensor: 'cpu_temp', id: 'coretemp/hwmon3', celsius: 54 };

const clients = [
  { file: 'client.sh', command: 'bash', sends: [{ sensor: 'ram', total }, coreTemperature] },
  {
    file: 'client.py',
    command: 'python3',
    sends: [{ sensor: 'ram', total }, { sensor: 'disk', id: '/' }, coreTemperature],
  },
  { file: 'micropython_client.py', command: 'python3', sends: [{ sensor: 'ram' }] },
];

describe.each(clients)('examples/$file', ({ file, command, sends }) => {
  test('sends readings, takes a new interval, and leaves on Ctrl-C', async () => {
    // So long that every round after the first is due to the new interval.
    await using server = await startServer({ intervalSeconds: 3600 });
    await using client = startExample(command, file, server.port);
    const { client_id } = await server.event({ event: 'registered', unit: 'example', v: 2, interval: 3600 });
    for (const reading of sends) await server.event({ event: 'reading', unit: 'example', ...reading });

    expect(await server.putInterval(String(client_id), 0.25)).toBe(202);
    await server.event({ event: 'interval-confirmed', unit: 'example', interval: 0.25 });
    const from = server.events.length;
    const first = await server.event({ event: 'reading', ...sends[0] }, { from });
    const second = await server.event({ event: 'reading', ...sends[0] }, { from: server.events.indexOf(first) + 1 });
    expect(Number(second['seq'])).toBe(Number(first['seq']) + sends.length);

    expect(await client.stop({ signal: 'SIGINT' }), client.errors()).toEqual({ code: 0, signal: null });
    await server.event({ event: 'disconnected', unit: 'example' });
    expect(server.events.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  test('leaves on SIGTERM as well', async () => {
    await using server = await startServer({ intervalSeconds: 60 });
    await using client = startExample(command, file, server.port);
    await server.event({ event: 'reading', unit: 'example' });
    expect(await client.stop(), client.errors()).toEqual({ code: 0, signal: null });
    await server.event({ event: 'disconnected', unit: 'example' });
  });
});

describe.each(['client.sh', 'client.py'])('examples/%s', (file) => {
  test('has at most 40 lines, none so long that it hides a second', () => {
    const lines = exampleText(file).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(160);
  });

  test('says so and fails where the server goes away', async () => {
    await using server = await startServer({ intervalSeconds: 60 });
    await using client = startExample(file.endsWith('.sh') ? 'bash' : 'python3', file, server.port);
    await server.event({ event: 'reading', unit: 'example' });
    await server.stop();
    expect(await client.ended).toEqual({ code: 1, signal: null });
    expect(client.errors()).toContain('example: the server has closed the connection');
  });
});

describe('examples/micropython_client.py', () => {
  test('hears a new interval by UDP, and not one that its server has not signed', async () => {
    await using server = await startServer({ intervalSeconds: 3600 });
    await using _client = startExample('python3', 'micropython_client.py', server.port);
    const { client_id, port } = await server.event({ event: 'registered', unit: 'example' });
    expect(port).toBeGreaterThan(0);
    const forged = '!UPDT{"interval":86400,"rev":99,"tag":"AAAAAAAAAAAAAAAAAAAAAA"}';
    // The first may come before the answer to the registration, and so before there is a key to check it with.
    await sendDatagram(`${forged.length}`.padEnd(16) + forged, Number(port));
    await server.event({ event: 'reading', unit: 'example' });
    await sendDatagram(`${forged.length}`.padEnd(16) + forged, Number(port));
    await sendDatagram('noise', Number(port));
    expect(await server.putInterval(String(client_id), 0.25)).toBe(202);
    await server.event({ event: 'interval-confirmed', unit: 'example', interval: 0.25 });
    await server.event({ event: 'reading', unit: 'example' }, { from: server.events.length });
  });

  test('connects anew when its server is back', async () => {
    await using server = await startServer({ port: await freePort() });
    await using client = startExample('python3', 'micropython_client.py', server.port);
    await server.event({ event: 'reading', unit: 'example' });
    await server.stop();
    await using again = await startServer({ port: server.port });
    await again.event({ event: 'reading', unit: 'example' });
    expect(await client.stop({ signal: 'SIGINT' })).toEqual({ code: 0, signal: null });
  });
});

function startExample(command: string, file: string, port: number): Program {
  return startProgram({
    command,
    args: [examplePath(file), '127.0.0.1', String(port), 'example'],
    env: { TELEMETRY_ROOT: root, PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' },
  });
}

async function sendDatagram(text: string, port: number): Promise<void> {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.send(text, port, '127.0.0.1', (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    socket.close();
  }
}
