import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { encodeFrames } from '../../src/framing/encoder.ts';
import { FrameDecoder } from '../../src/framing/decoder.ts';
import { acknowledgement, framed } from '../../src/framing/frame.ts';
import { startDaemon, startProgram, type Program } from '../program.ts';

const file = fileURLToPath(new URL('../../src/bin/telemetry-fleet.ts', import.meta.url));

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-fleet-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function startFleetProgram(port: number, ...args: readonly string[]): Program {
  return startProgram({ command: process.execPath, args: [file, '--server', `127.0.0.1:${port}`, '--json', ...args] });
}

async function startServer(): Promise<{ readonly server: Program; readonly port: number }> {
  const args = [
    '--listen',
    'tcp://127.0.0.1:0',
    '--http',
    'off',
    '--data-dir',
    temporaryFolder(),
    '--log-format',
    'json',
  ];
  const server = startDaemon('telemetry-server', args, { TELEMETRY_STORE_KIND: 'memory' });
  const { port } = await server.event({ event: 'listening', listener: 'tcp' });
  return { server, port: Number(port) };
}

test('a fleet has all of its readings acknowledged over connections that are cut, once each, and tells so', async () => {
  const { server, port } = await startServer();
  await using running = server;
  const ledger = join(temporaryFolder(), 'ledger');
  const size = ['--clients', '20', '--threads', '2', '--rate', '500', '--duration', '1'];
  await using fleet = startFleetProgram(port, ...size, '--loss', '2%', '--seed', '11', '--ledger', ledger);
  expect(await fleet.ended, fleet.errors()).toEqual({ code: 0, signal: null });
  const [summary] = fleet.events;
  expect(summary).toMatchObject({ clients: 20, rate: 500, seed: 11, refused: 0, unanswered: 0, broken: 0, wrong: 0 });
  expect(summary?.['cuts']).toBeGreaterThan(0);
  expect(summary?.['connections']).toBe(20 + Number(summary?.['cuts']));
  const lines = readFileSync(ledger, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const names = Array.from({ length: 20 }, (_, index) => `fleet-${index + 1}`);
  expect(new Set(lines.map(({ unit }) => unit))).toEqual(new Set(names));
  const acknowledged = lines.reduce((sum, line) => sum + line.acknowledged, 0);
  expect(summary?.['acknowledged']).toBe(acknowledged);
  // 500 a second for a second, give or take what a busy machine makes of a second.
  expect(acknowledged).toBeGreaterThanOrEqual(400);
  await running.stop();
  const logged = running.events
    .filter(({ event }) => event === 'reading')
    .map(({ unit, seq }) => `${String(unit)} ${String(seq)}`);
  expect(new Set(logged).size).toBe(acknowledged);
  expect(logged).toHaveLength(acknowledged);
});

test('a fleet that is told to leave finishes as at the end of its time', async () => {
  const { server, port } = await startServer();
  await using running = server;
  await using fleet = startFleetProgram(port, '--clients', '5', '--rate', '100', '--warm-up', '3600');
  await running.event({ event: 'reading', seq: 2 });
  expect(await fleet.stop()).toEqual({ code: 0, signal: null });
  // All of it was warm-up.
  expect(fleet.events[0]).toMatchObject({ unanswered: 0, wrong: 0, latency_ms: { p50: null } });
  await running.event((event) => event['event'] === 'disconnected' && event['unit'] === 'fleet-5');
});

test('a fleet ends with 1 where a server acknowledges more than it was sent', async () => {
  await using liar = await startLiar();
  await using fleet = startFleetProgram(liar.port, '--clients', '1', '--duration', '0.5');
  expect(await fleet.ended).toEqual({ code: 1, signal: null });
  expect(fleet.events[0]).toMatchObject({
    wrong_answers: expect.arrayContaining(['fleet-1: an acknowledgement that answers nothing']),
  });
});

test('a fleet says that a name has no address', async () => {
  const args = [file, '--server', 'no-such-host.invalid', '--duration', '1'];
  await using fleet = startProgram({ command: process.execPath, args });
  expect(await fleet.ended).toEqual({ code: 1, signal: null });
  expect(fleet.errors()).toContain('no-such-host.invalid has no address');
});

/** Answers every reading twice. */
async function startLiar(): Promise<AsyncDisposable & { readonly port: number }> {
  const token = 'AAECAwQFBgcICQoLDA0ODw';
  const grant = { client_id: 'x', tcp_port: 1, interval: 10, v: 2, seq: 0, rev: 1, token };
  const server = createServer((socket) => {
    const decoder = new FrameDecoder();
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      for (const { command } of decoder.push(bytes)) {
        const answer = acknowledgement(command, false);
        if (command === '!RGTR') socket.write(encodeFrames([framed('!SUCC', JSON.stringify(grant))]));
        else socket.write(encodeFrames(command === '!INFO' ? [answer, answer] : [answer]));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
