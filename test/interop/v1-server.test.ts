import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { startDaemon } from '../program.ts';
import type { Program } from '../program.ts';
import { startV1Server } from './v1-peers.ts';

/** A machine with a thermometer in its CPU, which the one that runs the test may not have. */
const root = fileURLToPath(new URL('../fixtures/intel-desktop', import.meta.url));
const oneRound = /^CPU temperature: \d+\.\d\nStorage % used: \d+\.\d\nMemory % used: \d+\.\d\n$/;
const variants = [
  { variant: 'a published v1 server', args: [] },
  { variant: 'the oldest v1 server', args: ['--older'] },
];

async function startClient(port: number): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'telemetry-client-'));
  const program = startDaemon('telemetry-client', [
    `--server=127.0.0.1:${port}`,
    '--name=bench-v2',
    `--root=${root}`,
    `--state-dir=${folder}`,
    '--log-level=debug',
  ]);
  const end = async (): Promise<void> => {
    await program[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...program, [Symbol.asyncDispose]: end };
}

describe.each(variants)('$variant', ({ args }) => {
  test('is served from registration to the confirmation of leaving, one frame a round', async () => {
    // The answers are held back, so that a request that does not wait for one is seen.
    await using server = await startV1Server(['--interval', '1', '--answer-delay', '0.2', ...args]);
    await using client = await startClient(server.port);
    const { hello } = await server.event({ event: 'registered' });
    // `key` is a member that v1 does not know.
    expect(hello).toMatchObject({ name: 'bench-v2', ip: '127.0.0.1', v: 2, key: true });
    await client.event({ event: 'connected', v: 1, interval: 1 });

    const first = await server.event({ event: 'info' });
    expect(first['text']).toMatch(oneRound);
    // Sent while the answer to that frame is due, which is when the confirmation must not go out.
    server.write('interval 2');
    await client.event({ event: 'interval-changed', interval: 2 });
    const confirmed = server.events.indexOf(await server.event({ event: 'confirmed' }));
    const next = await server.event({ event: 'info' }, { from: confirmed });
    expect(next['text']).toMatch(oneRound);

    const leaving = client.stop();
    await server.event({ event: 'disconnected' });
    expect(await leaving).toEqual({ code: 0, signal: null });
    server.write('stop');
    // The double's exit code is 1 if anything came joined, in pieces, before an answer, or too soon after the confirmation.
    expect(await server.ended, server.errors()).toEqual({ code: 0, signal: null });
  });
});

test('a v1 server gets the round that was taken while the client connected, not only the next one', async () => {
  await using server = await startV1Server(['--interval', '3600']);
  await using client = await startClient(server.port);
  await client.event({ event: 'connected', v: 1 });
  const { text } = await server.event({ event: 'info' });
  expect(text).toMatch(oneRound);
});

test('the leaving client waits for the answer that is due before it says that it leaves', async () => {
  await using server = await startV1Server(['--interval', '1', '--answer-delay', '0.9']);
  await using client = await startClient(server.port);
  await server.event({ event: 'info' });
  expect(await client.stop()).toEqual({ code: 0, signal: null });
  await server.event({ event: 'disconnected' });
  server.write('stop');
  expect(await server.ended, server.errors()).toEqual({ code: 0, signal: null });
});

test('the leaving client keeps the quiet second after a confirmation', async () => {
  await using server = await startV1Server(['--interval', '1']);
  await using client = await startClient(server.port);
  await server.event({ event: 'info' });
  server.write('interval 30');
  await server.event({ event: 'confirmed' });
  expect(await client.stop()).toEqual({ code: 0, signal: null });
  await server.event({ event: 'disconnected' });
  server.write('stop');
  expect(await server.ended, server.errors()).toEqual({ code: 0, signal: null });
});
