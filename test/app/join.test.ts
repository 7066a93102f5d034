import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { joinServer } from '../../src/app/join-machine.ts';
import { lockState } from '../../src/client/spool/state-lock.ts';
import { parseClientCommandLine } from '../../src/config/command-line.ts';
import type { Clock } from '../../src/core/clock.ts';
import { CodedError } from '../../src/core/coded-error.ts';
import { nobodyPort } from '../free-port.ts';
import { createManualClock } from '../manual-clock.ts';
import { startAskingServer, type AskingServer, type AskingServerOptions } from './asking-server.ts';
import { surroundings } from './in-process.ts';

const token = 'AbCd_0-3'.repeat(4);

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-join-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function server(options: Partial<AskingServerOptions> = {}): Promise<AskingServer> {
  const started = await startAskingServer({ tls: true, ...options });
  onTestFinished(() => started.close());
  return started;
}

interface Joining {
  readonly port: number;
  readonly fingerprint: string;
  readonly folder: string;
  readonly flags?: readonly string[];
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** Runs `telemetry-client join`; answers what it printed and complained of, or the error that it ended with. */
async function joined({ port, fingerprint, folder, flags = [], signal, clock }: Joining): Promise<{
  readonly printed: string;
  readonly complaints: readonly string[];
  readonly error: CodedError | undefined;
}> {
  const argv = ['join', `127.0.0.1:${port}/${fingerprint}/${token}`, '--name', 'bench-03', '--state-dir', folder];
  const command = await parseClientCommandLine(surroundings([...argv, ...flags]));
  if (command.type !== 'join') throw new Error('the arguments ask for something else');
  let printed = '';
  const complaints: string[] = [];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      printed += String(chunk);
      done();
    },
  });
  const surface = {
    stdout,
    complain: (text: string) => void complaints.push(text),
    env: {},
    platform: process.platform,
    version: '0',
    signal: signal ?? new AbortController().signal,
    onReload: () => () => undefined,
    usage: () => ({ residentBytes: 0, cpuSeconds: 0 }),
  };
  try {
    await joinServer(command, surface, clock);
    return { printed, complaints, error: undefined };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { printed, complaints, error };
  }
}

test('a machine joins: its key is proven, the token shown, the server kept, and one line says what is next', async () => {
  const { port, fingerprint, asked, left } = await server();
  const folder = join(newFolder(), 'state');
  const { printed, complaints, error } = await joined({ port, fingerprint, folder });
  expect(error).toBeUndefined();
  expect(asked).toMatchObject([
    { isSigned: true, proof: { token }, registration: { name: 'bench-03', v: 2, UDP_port: 0 } },
  ]);
  expect(left()).toBe(1);
  expect(printed).toBe(
    `This machine has joined 127.0.0.1:${port} as bench-03 (client_id unit-of-key); start telemetry-client --state-dir ${folder}, which needs no --server from now on.\n`,
  );
  expect(complaints).toEqual([]);
  expect(readdirSync(folder).toSorted()).toEqual(['machine-key.pem', 'server.json']);
  const file = join(folder, 'server.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    server: `tls://127.0.0.1:${port}`,
    fingerprint,
    name: 'bench-03',
  });
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('a machine that joins again shows the same key', async () => {
  const { port, fingerprint, asked } = await server();
  const folder = newFolder();
  expect((await joined({ port, fingerprint, folder })).error).toBeUndefined();
  expect((await joined({ port, fingerprint, folder })).error).toBeUndefined();
  const keys = asked.map(({ proof }) => proof.publicKey);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

test('a machine that was a unit before asks for its own id', async () => {
  const { port, fingerprint, asked } = await server();
  const folder = newFolder();
  writeFileSync(join(folder, 'identity.json'), '{"client_id":"before"}\n', { mode: 0o600 });
  expect((await joined({ port, fingerprint, folder })).error).toBeUndefined();
  expect(asked[0]?.registration).toMatchObject({ id: 'before' });
});

test('what the configuration says of another server is complained of', async () => {
  const { port, fingerprint } = await server();
  const { complaints, error } = await joined({ port, fingerprint, folder: newFolder(), flags: ['--server', 'old'] });
  expect(error).toBeUndefined();
  expect(complaints).toEqual([
    '--server, TELEMETRY_SERVER or the configuration file says tcp://old:34567, which goes before what was joined: take it out.',
  ]);
});

test.each([
  ['not-allowed the token is used up', 'the server refused (not-allowed): the token is used up'],
  [
    'pending telemetryctl machines approve bench-03',
    'the server refused (pending): telemetryctl machines approve bench-03',
  ],
  ['too-many connections', 'the server refused (too-many): connections'],
  ['not-allowed \u001b[2J\u202eevil', String.raw`the server refused (not-allowed): "\u001b[2J\u202eevil"`],
])('refused with %j it says the server’s words and keeps no server', async (words, message) => {
  const { port, fingerprint } = await server({ answer: () => words });
  const folder = newFolder();
  const { error, printed } = await joined({ port, fingerprint, folder });
  expect(error).toMatchObject({ code: 'join-refused', exitCode: 1, message });
  expect(printed).toBe('');
  expect(readdirSync(folder)).toEqual(['machine-key.pem']);
});

test('a server of another certificate is told nothing, neither token nor name', async () => {
  const { port, asked } = await server();
  const folder = newFolder();
  const { error } = await joined({ port, fingerprint: 'ab'.repeat(32), folder });
  expect(error).toMatchObject({ code: 'join-failed', exitCode: 1 });
  expect(error?.message).toContain('fingerprint');
  expect(asked).toEqual([]);
  expect(existsSync(join(folder, 'server.json'))).toBe(false);
});

test('without TLS there is no joining', async () => {
  const { port, asked } = await server({ tls: false });
  const { error } = await joined({ port, fingerprint: 'ab'.repeat(32), folder: newFolder() });
  expect(error).toMatchObject({ code: 'join-failed', exitCode: 1 });
  expect(asked).toEqual([]);
});

test('a server that asks for no key has not let the machine in', async () => {
  const { port, fingerprint } = await server({ asks: false });
  const folder = newFolder();
  const { error } = await joined({ port, fingerprint, folder });
  expect(error?.message).toBe('this machine has not joined: the server did not ask for the key of this machine');
  expect(existsSync(join(folder, 'server.json'))).toBe(false);
});

test('where nobody listens it ends at once', async () => {
  const { error } = await joined({ port: nobodyPort, fingerprint: 'ab'.repeat(32), folder: newFolder() });
  expect(error).toMatchObject({ code: 'join-failed' });
  expect(error?.message).toMatch(/ECONNREFUSED/);
});

test('told to stop while it waits for the answer, it ends without a server', async () => {
  const leave = new AbortController();
  const { port, fingerprint } = await server({
    answer: () => {
      leave.abort();
      return 'not-allowed too late';
    },
  });
  const folder = newFolder();
  const { error } = await joined({ port, fingerprint, folder, signal: leave.signal });
  expect(error?.exitCode).toBe(1);
  expect(existsSync(join(folder, 'server.json'))).toBe(false);
});

test('a state folder that a running client has is not touched', async () => {
  const { port, fingerprint, asked } = await server();
  const folder = newFolder();
  const unlock = await lockState(folder, () => undefined);
  onTestFinished(unlock);
  const { error } = await joined({ port, fingerprint, folder });
  expect(error).toMatchObject({ code: 'state-in-use', exitCode: 1 });
  expect(asked).toEqual([]);
  expect(existsSync(join(folder, 'machine-key.pem'))).toBe(false);
});

test('a key that others may read joins nothing', async () => {
  const { port, fingerprint, asked } = await server();
  const folder = newFolder();
  expect((await joined({ port, fingerprint, folder })).error).toBeUndefined();
  chmodSync(join(folder, 'machine-key.pem'), 0o644);
  expect((await joined({ port, fingerprint, folder })).error).toMatchObject({ code: 'key-unusable' });
  expect(asked).toHaveLength(1);
});

test('a server that says nothing is not waited for', async () => {
  const clock = createManualClock();
  const { port, fingerprint } = await server({
    answer: () => {
      clock.advance(30_000);
      return 'nothing';
    },
  });
  const { error } = await joined({ port, fingerprint, folder: newFolder(), clock });
  expect(error).toMatchObject({
    code: 'join-failed',
    message: 'this machine has not joined: no answer to !RGTR within 15 s',
  });
});

test('a server that does not confirm the leaving has let the machine in all the same', async () => {
  const clock = createManualClock();
  const { port, fingerprint } = await server({
    confirms: () => {
      clock.advance(30_000);
      return false;
    },
  });
  const folder = newFolder();
  expect((await joined({ port, fingerprint, folder, clock })).error).toBeUndefined();
  expect(existsSync(join(folder, 'server.json'))).toBe(true);
});
