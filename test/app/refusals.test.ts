import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon } from '../program.ts';

let folder: string;
let occupant: Server;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'telemetry-refusals-'));
  writeFileSync(join(folder, 'file'), '');
  writeFileSync(join(folder, 'bad.yaml'), 'interval: 5\nlog:\n  level: loud\n');
  occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  ({ port } = occupant.address() as AddressInfo);
});
afterAll(() => {
  occupant.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program that must not start; answers its exit code and what it said on standard error. */
async function refusal(
  name: 'telemetry-server' | 'telemetry-client',
  args: readonly string[],
): Promise<{ code: number | null; lines: string[] }> {
  await using program = startDaemon(name, args);
  const { code } = await program.ended;
  return { code, lines: program.errors().trimEnd().split('\n') };
}

const quiet = ['--http', 'off', '--listen', 'tcp://127.0.0.1:0'];

test('a port in use ends the server with 1 and one line that names the flag', async () => {
  const data = ['--data-dir', join(folder, 'data')];
  const { code, lines } = await refusal('telemetry-server', [
    '--http',
    'off',
    '--listen',
    `tcp://127.0.0.1:${port}`,
    ...data,
  ]);
  expect(code).toBe(1);
  expect(lines).toEqual([
    `--listen tcp://127.0.0.1:${port}: another program listens there; end it, or choose another port`,
  ]);
});

test('an API port in use ends the server with 1 and one line that names the flag', async () => {
  const args = ['--listen', 'tcp://127.0.0.1:0', '--http', `127.0.0.1:${port}`, '--data-dir', join(folder, 'data')];
  const { code, lines } = await refusal('telemetry-server', args);
  expect(code).toBe(1);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(new RegExp(`^--http 127\\.0\\.0\\.1:${port}: another program listens there`));
});

test('an address of another machine is bad usage', async () => {
  const args = ['--http', 'off', '--listen', 'tcp://192.0.2.1:0', '--data-dir', join(folder, 'data')];
  const { code, lines } = await refusal('telemetry-server', args);
  expect(code).toBe(2);
  expect(lines[0]).toContain('this machine has no such address');
});

test.each(['telemetry-server', 'telemetry-client'] as const)(
  '%s with a folder that cannot be written to ends with 1',
  async (name) => {
    const path = join(folder, 'file', 'below');
    const args =
      name === 'telemetry-server' ? [...quiet, '--data-dir', path] : ['--server', '127.0.0.1', '--state-dir', path];
    const { code, lines } = await refusal(name, args);
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(path);
    expect(lines[0]).toMatch(
      name === 'telemetry-server' ? /choose another with --data-dir/ : /choose another with --state-dir/,
    );
  },
);

test('a fault in the configuration file is told with its line', async () => {
  const { code, lines } = await refusal('telemetry-server', ['--config', join(folder, 'bad.yaml')]);
  expect(code).toBe(2);
  expect(lines.join('\n')).toMatch(/bad\.yaml:3: log\.level is .*loud/);
});

test('a configuration file that is not there is told with its name', async () => {
  const { code, lines } = await refusal('telemetry-server', ['--config', join(folder, 'none.yaml')]);
  expect(code).toBe(2);
  expect(lines[0]).toContain('none.yaml');
});

test('a log file that cannot be written ends the server before it listens', async () => {
  const args = [...quiet, '--data-dir', join(folder, 'data'), '--log-file', join(folder, 'file', 'log')];
  const { code, lines } = await refusal('telemetry-server', args);
  expect(code).toBe(2);
  expect(lines[0]).toContain(join(folder, 'file', 'log'));
});

test('a client without a server to go to is bad usage', async () => {
  const { code, lines } = await refusal('telemetry-client', []);
  expect(code).toBe(2);
  expect(lines[0]).toContain('--server');
});

test('a second signal ends a client at once that waits for its confirmation', async () => {
  await using program = startDaemon('telemetry-client', [
    '--server',
    `127.0.0.1:${port}`,
    '--state-dir',
    join(folder, 'state'),
  ]);
  await new Promise<void>((resolve) => {
    // The occupant accepts and never answers, so that leaving has to wait for its 15 s.
    occupant.once('connection', (socket) => socket.once('data', () => resolve()));
  });
  process.kill(program.pid, 'SIGTERM');
  process.kill(program.pid, 'SIGINT');
  expect(await program.ended).toEqual({ code: 1, signal: null });
});
