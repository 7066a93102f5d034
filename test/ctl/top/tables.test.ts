import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { FleetSnapshot } from '../../../src/api/contract.ts';
import { freePort, nobodyPort } from '../../free-port.ts';
import { FakeHub, ManualClock, serve, startMs, unitView, until, type Served } from '../../http/fake-hub.ts';
import { run, start } from '../run.ts';
import { stranger } from '../stranger.ts';
import { FakeTerminal } from './fake-terminal.ts';

const table = [
  'UNIT      STATE         CPU  LOAD    RAM  FULLEST DISK  INTERVAL  SEEN  HELD',
  'gone      lost    (54.5 °C)     -  (38%)  (90% /var)    10 s      now',
  'bench-03  online    54.5 °C     -    38%  90% /var      10 s      now',
  '',
].join('\n');

function two(port = 0): Promise<Served> {
  const gone = unitView({ client_id: 'gone', name: 'gone', state: 'lost', tags: { site: 'berlin' } });
  return serve({ hub: new FakeHub(unitView(), gone), clock: new ManualClock(), port });
}

describe('without a terminal', () => {
  test('--once prints the fleet once, the worst first', async () => {
    await using api = await two();
    expect(await run('top --once', { api: api.url })).toEqual({ exitCode: 0, stdout: table, stderr: '' });
  });

  test('--once on a terminal leaves it as it is', async () => {
    await using api = await two();
    const terminal = new FakeTerminal();
    const { stdout } = await run('top --once', { api: api.url, terminal });
    expect([stdout, terminal.modes]).toEqual([table, []]);
  });

  test('there is a table every so often, until the user ends it', async () => {
    await using api = await two();
    const top = start('top --every 0.5', { api: api.url });
    await until(() => top.stdout().split('UNIT ').length === 3, 'the second table');
    top.end();
    expect([await top.exitCode, top.stdout(), top.stderr()]).toEqual([0, `${table}\n${table}`, '']);
  });

  test('so there is on a terminal that cannot be drawn on', async () => {
    await using api = await two();
    const terminal = new FakeTerminal();
    const top = start('top', { api: api.url, terminal, isTerminal: true, env: { TERM: 'dumb' } });
    await until(() => top.stdout() !== '', 'the table');
    top.end();
    expect([await top.exitCode, top.stdout(), terminal.modes]).toEqual([0, table, []]);
  });

  test('--sort and --filter say which units, and in which order', async () => {
    await using api = await two();
    const names = async (flags: string): Promise<readonly string[]> => {
      const { stdout } = await run(`top --once ${flags}`, { api: api.url });
      return stdout.split('\n').flatMap((line) => /^(?!UNIT)\S+/.exec(line)?.[0] ?? []);
    };
    expect(await names('--sort name')).toEqual(['bench-03', 'gone']);
    expect(await names('--sort disk')).toEqual(['bench-03', 'gone']);
    expect(await names('--filter SITE=berlin')).toEqual(['gone']);
    expect(await names('--filter nowhere')).toEqual([]);
  });

  test('--json is what the API gives, a line each time, sorted and filtered', async () => {
    await using api = await two();
    const fleet: unknown = await (await fetch(`${api.url}/api/v1/fleet`)).json();
    const { stdout } = await run('top --once --json --sort name', { api: api.url });
    expect([JSON.parse(stdout), stdout.split('\n').length]).toEqual([fleet, 2]);
    const top = start('top --json --every 0.5 --filter lost', { api: api.url });
    await until(() => top.stdout().split('\n').length === 3, 'the second line');
    top.end();
    expect(await top.exitCode).toBe(0);
    const lines = top
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as FleetSnapshot);
    expect(lines.map(({ time, units }) => [time, units.map(({ name }) => name)])).toEqual([
      [startMs, ['gone']],
      [startMs, ['gone']],
    ]);
  });

  test('a fleet without units is said, and is no failure', async () => {
    await using api = await serve({ hub: new FakeHub() });
    const { exitCode, stdout, stderr } = await run('top --once', { api: api.url });
    expect([exitCode, stdout, stderr]).toEqual([0, '', expect.stringContaining('no unit has registered yet')]);
  });

  test('a server that was never there is a failure', async () => {
    const { exitCode, stderr } = await run('top', { api: `http://127.0.0.1:${nobodyPort}` });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[api-unreachable]')]);
  });

  test('a server that goes away is said, and looked for again', async () => {
    const api = await two(await freePort());
    const top = start('top --every 0.5', { api: api.url, patience: { retries: 0 } });
    await until(() => top.stdout() !== '', 'the table');
    await api.close();
    await until(() => top.stderr().includes('Trying again.'), 'the loss');
    const clock = new ManualClock();
    await using again = await serve({ port: api.port, clock, hub: new FakeHub(unitView({ name: 'back' })) });
    expect(again.port).toBe(api.port);
    await until(() => top.stdout().includes('\nback '), 'the table');
    top.end();
    expect(await top.exitCode).toBe(0);
    expect(top.stderr()).toMatch(/^(telemetryctl: Nobody answers at .* Trying again\.\n)+$/);
  });

  test('a reader that leaves ends it with 0 and no word', async () => {
    await using api = await two();
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const top = start('top --every 86400', { api: api.url, stdout });
    expect([await top.exitCode, top.stderr()]).toEqual([0, '']);
  });

  test('--once that is ended before the answer has not done what it was told to', async () => {
    await using other = await stranger(() => {});
    const top = start('top --once', { api: other.url });
    await until(() => other.requests.length === 1, 'the question');
    top.end();
    expect([await top.exitCode, top.stderr()]).toEqual([1, 'telemetryctl: ended before the answer.\n']);
  });

  test('a server that answers something else is told from a fleet', async () => {
    await using other = await stranger((response) => response.end('{"time":1,"units":[{"client_id":"a"}]}'));
    const { exitCode, stderr } = await run('top --once', { api: other.url });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('[api-not-telemetry]')]);
  });
});
