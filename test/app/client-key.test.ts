import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runClient } from '../../src/app/client.ts';
import { parseClientCommandLine } from '../../src/config/command-line.ts';
import { CodedError } from '../../src/core/coded-error.ts';
import { startAskingServer, type AskingServer, type AskingServerOptions } from './asking-server.ts';
import { LogReader, surroundings } from './in-process.ts';

const root = new URL('../fixtures/intel-desktop', import.meta.url).pathname;

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-client-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function server(options: AskingServerOptions): Promise<AskingServer> {
  const started = await startAskingServer(options);
  onTestFinished(() => started.close());
  return started;
}

interface Running {
  readonly log: LogReader;
  readonly stop: () => void;
  readonly ended: Promise<void>;
}

async function start(folder: string, flags: readonly string[] = []): Promise<Running> {
  const log = new LogReader();
  const own = ['--state-dir', folder, '--name', 'bench-03', '--root', root];
  const command = await parseClientCommandLine(
    surroundings([...own, '--log-format', 'json', '--log-level', 'debug', ...flags]),
  );
  if (command.type !== 'run') throw new Error('the flags ask for no run');
  const leave = new AbortController();
  const complain = (text: string): void => {
    throw new Error(text);
  };
  const onReload = () => () => undefined;
  const usage = () => ({ residentBytes: 0, cpuSeconds: 0 });
  const surface = {
    stdout: log,
    complain,
    env: {},
    platform: 'linux',
    version: '0',
    signal: leave.signal,
    onReload,
    usage,
  } as const;
  const ended = runClient(command.config, command.warnings, surface);
  const stop = (): void => {
    leave.abort();
  };
  onTestFinished(async () => {
    stop();
    await ended.catch(() => undefined);
  });
  return { log, stop, ended };
}

/** The error that a client does not start with. */
async function refusal(folder: string, flags: readonly string[] = []): Promise<CodedError> {
  const { ended, stop } = await start(folder, flags);
  setImmediate(stop);
  const error: unknown = await ended.catch((reason: unknown) => reason);
  if (!(error instanceof CodedError)) throw new Error('the client has started');
  return error;
}

test.each([true, false])('asked for its key, with TLS: %s, a client proves it, and shows no token', async (tls) => {
  const { port, fingerprint, asked } = await server({ tls });
  const folder = newFolder();
  const where = tls ? [`tls://127.0.0.1:${port}`, '--tls-fingerprint', fingerprint] : [`127.0.0.1:${port}`];
  const first = await start(folder, ['--server', ...where]);
  const { key } = await first.log.waitFor('machine-key-made');
  await first.log.waitFor('connected');
  expect(asked).toMatchObject([
    { isSigned: true, registration: { name: 'bench-03', key: true }, proof: { publicKey: key, token: undefined } },
  ]);
  first.stop();
  await first.ended;
  const second = await start(folder, ['--server', ...where]);
  await second.log.waitFor('connected');
  expect(asked[1]).toMatchObject({ isSigned: true, proof: { publicKey: key } });
  expect(second.log.count('machine-key-made')).toBe(0);
});

test('a machine that has joined needs no further argument', async () => {
  const { port, fingerprint, asked } = await server({ tls: true });
  const folder = newFolder();
  const joined = { server: `tls://127.0.0.1:${port}`, fingerprint };
  writeFileSync(join(folder, 'server.json'), JSON.stringify(joined), { mode: 0o600 });
  const { log } = await start(folder);
  await log.waitFor('connected');
  expect(asked[0]?.isSigned).toBe(true);
});

test('what the command line says goes before what was joined, and is told where it is another', async () => {
  const { port } = await server({ tls: false });
  const folder = newFolder();
  const joined = { server: 'tls://old.example.org:34568', fingerprint: 'ab'.repeat(32) };
  writeFileSync(join(folder, 'server.json'), JSON.stringify(joined), { mode: 0o600 });
  const { log } = await start(folder, ['--server', `127.0.0.1:${port}`]);
  await log.waitFor('connected');
  const { reason } = await log.waitFor('configuration');
  expect(reason).toContain('joined tls://old.example.org:34568, but reports to tcp://127.0.0.1:');
});

test('a server of another certificate than the pinned one hears nothing', async () => {
  const { port, asked } = await server({ tls: true });
  const flags = ['--server', `tls://127.0.0.1:${port}`, '--tls-fingerprint', 'ab'.repeat(32)];
  const { log } = await start(newFolder(), flags);
  const { reason } = await log.waitFor('connection-lost');
  expect(reason).toContain('fingerprint');
  expect(asked).toEqual([]);
});

test('a server is known by the CA that a file has', async () => {
  const { port, certificate, asked } = await server({ tls: true });
  const folder = newFolder();
  writeFileSync(join(folder, 'ca.pem'), certificate);
  const { log } = await start(folder, ['--server', `tls://127.0.0.1:${port}`, '--tls-ca', join(folder, 'ca.pem')]);
  await log.waitFor('connected');
  expect(asked[0]?.isSigned).toBe(true);
});

test('a client that is told no server and has joined none says both ways, with exit code 2', async () => {
  const folder = newFolder();
  const { code, exitCode, message } = await refusal(join(folder, 'none'));
  expect({ code, exitCode }).toEqual({ code: 'bad-usage', exitCode: 2 });
  expect(message).toContain('--server HOST');
  expect(message).toContain('telemetry-client join HOST:PORT/FINGERPRINT/TOKEN');
});

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['a list', '[]'],
  ['no fingerprint', '{"server":"tls://a:1"}'],
  ['a server without TLS', `{"server":"a:1","fingerprint":"${'ab'.repeat(32)}"}`],
  ['half a fingerprint', '{"server":"tls://a:1","fingerprint":"abab"}'],
])('a server.json of %s ends the start with what to do', async (_name, text) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'server.json'), text);
  expect(await refusal(folder)).toMatchObject({ code: 'joined-server-unusable', exitCode: 1 });
  expect((await refusal(folder)).message).toContain('join again, or give --server');
});

test('a server.json that is not needed does no harm', async () => {
  const { port } = await server({ tls: false });
  const folder = newFolder();
  writeFileSync(join(folder, 'server.json'), '{');
  const { log } = await start(folder, ['--server', `127.0.0.1:${port}`]);
  await log.waitFor('connected');
  const { reason } = await log.waitFor('configuration');
  expect(reason).toContain('does not say which server this machine has joined');
});

test('a damaged key ends the start and stays as it is', async () => {
  const folder = newFolder();
  const path = join(folder, 'machine-key.pem');
  writeFileSync(path, 'damaged', { mode: 0o600 });
  const { code, message } = await refusal(folder, ['--server', '127.0.0.1:1']);
  expect(code).toBe('key-unusable');
  expect(message).toContain(path);
  expect(readFileSync(path, 'utf8')).toBe('damaged');
});

test('a file of CAs that is not there ends the start with exit code 2', async () => {
  const flags = ['--server', 'tls://127.0.0.1:1', '--tls-ca', '/nowhere/ca.pem'];
  const { code, exitCode, message } = await refusal(newFolder(), flags);
  expect({ code, exitCode }).toEqual({ code: 'tls-unusable', exitCode: 2 });
  expect(message).toContain('/nowhere/ca.pem cannot be read (ENOENT)');
});

test('a refusal is logged with the server’s words, once', async () => {
  const { port, asked } = await server({ tls: false, answer: () => 'not-allowed the key is revoked' });
  const { log, stop, ended } = await start(newFolder(), ['--server', `127.0.0.1:${port}`]);
  expect(await log.waitFor('registration-refused')).toMatchObject({
    level: 'warn',
    code: 'not-allowed',
    reason: 'the key is revoked',
  });
  await log.waitFor('connection-lost', ({ failures }) => failures === 2);
  expect(asked.length).toBeGreaterThan(1);
  expect(log.count('registration-refused')).toBe(1);
  stop();
  await ended;
  const [, ...others] = log.lines.filter(({ event }) => event === 'registration-refused');
  expect(others).toMatchObject([{ reason: 'the key is revoked', repeated: expect.any(Number) }]);
});
