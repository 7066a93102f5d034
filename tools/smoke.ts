/**
 * Packs the package, installs the tarball into an empty folder, and uses what is there as a user would:
 *
 *     node tools/smoke.ts
 *
 * Exits 1 at the first thing that is not as it should be. The programs run on the Node.js of the checkout.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, type Program } from '../test/program.ts';

const checkout = fileURLToPath(new URL('../', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'telemetry-smoke-'));
const installed = join(scratch, 'installed');
const env = { PATH: [join(checkout, 'node_modules', '.bin'), process.env['PATH']].join(delimiter), CI: 'true' };

/** Runs it to its end and gives its standard output; throws with all of its output where it fails. */
function run(folder: string, command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 300_000,
  });
}

const bin = (name: string): string => join(installed, 'node_modules', '.bin', name);

function start(name: string, args: readonly string[]): Program {
  return startProgram({ command: bin(name), args: [...args, '--log-format', 'json'], env });
}

function said(what: string): void {
  console.log(`  ok: ${what}`);
}

function packAndInstall(): void {
  run(checkout, 'npm', 'pack', '--silent', '--pack-destination', scratch);
  const [tarball, ...others] = readdirSync(scratch).filter((name) => name.endsWith('.tgz'));
  assert.ok(tarball !== undefined && others.length === 0, 'npm pack makes one tarball');
  mkdirSync(installed);
  writeFileSync(join(installed, 'package.json'), '{"private":true}\n');
  run(installed, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', join(scratch, tarball));
  const files = readdirSync(join(installed, 'node_modules', 'telemetry-hub')).toSorted();
  for (const name of ['LICENSE', 'README.md', 'CHANGELOG.md', 'dist', 'docs', 'examples', 'package.json']) {
    assert.ok(files.includes(name), `${name} is in the tarball, which has ${files.join(' ')}`);
  }
  for (const name of ['src', 'test', 'bench', 'tools'])
    assert.ok(!files.includes(name), `${name} is not in the tarball`);
  said(`the tarball installs: ${files.join(' ')}`);
}

function answerQuestions(): void {
  for (const name of ['telemetry-server', 'telemetry-client', 'telemetryctl', 'telemetry-fleet']) {
    assert.match(run(installed, bin(name), '--version'), /\d+\.\d+\.\d+/);
    assert.match(run(installed, bin(name), '--help'), new RegExp(name));
  }
  said('all programs have --version and --help');
  run(installed, bin('telemetry-server'), 'config', 'check', '--data-dir', join(scratch, 'checked'));
  run(
    installed,
    bin('telemetry-client'),
    'config',
    'check',
    '--server',
    '127.0.0.1',
    '--state-dir',
    join(scratch, 'checked'),
  );
  const sensors: unknown = JSON.parse(run(installed, bin('telemetry-client'), 'sensors', '--json'));
  assert.ok(typeof sensors === 'object' && sensors !== null);
  said('config check and sensors --json');
}

/** The dashboard as the server sends it, as a file, and the client of the API that programs import. */
async function openPage(api: string): Promise<void> {
  const index = await (await fetch(`${api}/`)).text();
  const [, script = ''] = /src="\.\/(assets\/[\w.-]+\.js)"/.exec(index) ?? [];
  const answer = await fetch(`${api}/${script}`, { headers: { 'accept-encoding': 'br' } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-encoding'), 'br');
  said('the server has the dashboard, compressed');

  const file = join(scratch, 'fleet.html');
  run(installed, bin('telemetryctl'), '--api', api, 'page', '--out', file);
  assert.match(readFileSync(file, 'utf8'), /id="snapshot">.*"name":"smoke"/);
  said('telemetryctl page writes it to a file');

  const program = `
    import { HubClient } from 'telemetry-hub/api';
    const units = await new HubClient({ url: '${api}' }).units();
    console.log(units.map(({ name }) => name).join());`;
  assert.equal(run(installed, 'node', '--input-type=module', '--eval', program).trim(), 'smoke');
  said('telemetry-hub/api is there for programs');
}

async function streamReadings(): Promise<void> {
  const loopback = '127.0.0.1';
  await using server = start('telemetry-server', [
    '--listen',
    `tcp://${loopback}:0`,
    '--listen',
    `tls://${loopback}:0`,
    '--http',
    `${loopback}:0`,
    '--data-dir',
    join(scratch, 'server'),
    '--interval',
    '1',
  ]);
  const tcp = await server.event({ event: 'listening', listener: 'tcp' });
  const http = await server.event({ event: 'listening', listener: 'http' });
  // Its certificate is made by what is loaded then alone.
  await server.event({ event: 'listening', listener: 'tls' });
  said(`the server listens on ports ${String(tcp['port'])} and ${String(http['port'])}`);

  await using client = start('telemetry-client', [
    '--server',
    `${loopback}:${String(tcp['port'])}`,
    '--name',
    'smoke',
    '--state-dir',
    join(scratch, 'client'),
  ]);
  await client.event({ event: 'connected' });
  const reading = await server.event({ event: 'reading', unit: 'smoke', sensor: 'ram' });
  assert.equal(typeof reading['total'], 'number');
  said(`a reading: ${JSON.stringify(reading)}`);

  const api = `http://${loopback}:${String(http['port'])}`;
  const units: unknown = JSON.parse(run(installed, bin('telemetryctl'), '--api', api, 'units', '--json'));
  assert.match(JSON.stringify(units), /"name":"smoke".*"state":"online"/);
  run(installed, bin('telemetryctl'), '--api', api, 'interval', 'smoke', '2');
  await client.event({ event: 'interval-changed' });
  said('telemetryctl shows the unit and changes its interval');

  await openPage(api);
  // Of the programs' threads these are the server's second and those of the fleet; the store's own is below.
  run(installed, bin('telemetryctl'), '--api', api, 'history', 'smoke');
  const fleet = ['--server', `${loopback}:${String(tcp['port'])}`, '--clients', '5', '--duration', '1', '--json'];
  assert.match(run(installed, bin('telemetry-fleet'), ...fleet), /"wrong":0,/);
  said('telemetryctl history, and telemetry-fleet');
  assert.deepEqual(await client.stop(), { code: 0, signal: null }, client.errors());
  await server.event({ event: 'disconnected', unit: 'smoke' });
  assert.deepEqual(await server.stop(), { code: 0, signal: null }, server.errors());
  said('SIGTERM ends both with 0');
  run(installed, bin('telemetryctl'), 'store', 'check', '--data-dir', join(scratch, 'server'));
  said('telemetryctl store check');
}

try {
  packAndInstall();
  answerQuestions();
  await streamReadings();
  console.log('the packed package works');
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
