import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { screenBegins, screenEnds } from '../../../src/app/ctl/terminal.ts';
import { MemoryStore } from '../../../src/store/memory.ts';
import type { UnitView } from '../../../src/core/unit.ts';
import { freePort, nobodyPort } from '../../free-port.ts';
import {
  FakeHub,
  ManualClock,
  serve,
  startMs,
  unitReading,
  unitView,
  until,
  type Served,
} from '../../http/fake-hub.ts';
import { start, type Run, type RunOptions } from '../run.ts';
import { stranger } from '../stranger.ts';
import { FakeTerminal } from './fake-terminal.ts';

const escape = '\u001B';
const minute = 60_000;
const nobody = `http://127.0.0.1:${nobodyPort}`;

/** A unit that measures so much. */
function unit(
  name: string,
  { celsius, disk = 0.5, ...changes }: Partial<UnitView> & { celsius: number; disk?: number },
) {
  const view = unitView({ client_id: name, name, ...changes });
  return unitView({
    ...view,
    latest: {
      cpu_temp: [{ time: startMs, sensor: 'cpu_temp', celsius }],
      disk: [{ time: startMs, sensor: 'disk', id: '/', used: disk * 100, total: 100 }],
    },
  });
}

const cold = unit('cold', { celsius: 31, disk: 0.9, tags: { site: 'berlin' } });
const hot = unit('hot', { celsius: 90, tags: { site: 'paris' } });
const gone = unit('gone', { celsius: 40, state: 'lost' });

interface Shown extends AsyncDisposable {
  readonly api: Served;
  readonly clock: ManualClock;
  readonly hub: FakeHub;
  readonly terminal: FakeTerminal;
  readonly top: Run;
}

/** `top` on a terminal, before a server with three units, when they are all seen. */
async function shown(line = 'top', options: RunOptions = {}, port = 0): Promise<Shown> {
  const hub = new FakeHub(cold, hot, gone);
  const clock = new ManualClock();
  const api = await serve({ hub, clock, port });
  const terminal = new FakeTerminal();
  const top = onTerminal(line, terminal, { api: api.url, ...options });
  await until(() => terminal.text.includes('3 units'), 'the fleet');
  return {
    api,
    clock,
    hub,
    terminal,
    top,
    async [Symbol.asyncDispose]() {
      top.end();
      await top.exitCode;
      await api.close();
    },
  };
}

function onTerminal(line: string, terminal: FakeTerminal, options: RunOptions): Run {
  return start(line, { terminal, stdout: terminal.stdout, isTerminal: true, env: { NO_COLOR: '1' }, ...options });
}

/** What it measured so many minutes ago: 40 degrees, then 10 more each time. */
async function storeOf(clientId: string, minutesAgo: readonly number[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  const readings = minutesAgo.map((ago, index) => {
    const values = { celsius: 40 + 10 * index };
    const labels = { epoch: 'e', seq: index + 1, time: startMs - ago * minute };
    return unitReading(1, {
      clientId,
      unit: clientId,
      reading: { sensor: 'cpu_temp', id: undefined, values, ...labels },
    });
  });
  await store.append({ units: [], readings });
  return store;
}

/** The names of the units, as they stand below each other. */
function names(terminal: FakeTerminal): readonly string[] {
  return terminal.lines.slice(3).flatMap((line) => /^(\w+) +(?:online|late|lost|disconnected) /.exec(line)?.[1] ?? []);
}

/** It was on a screen of its own and in raw mode, and is neither any more. */
function expectAsBefore(terminal: FakeTerminal): void {
  expect(terminal.written.startsWith(screenBegins)).toBe(true);
  expect(terminal.written.endsWith(screenEnds)).toBe(true);
  expect(terminal.modes).toEqual([true, false]);
  expect(terminal.keyboard.isPaused()).toBe(true);
  expect(terminal.keyboard.listenerCount('data')).toBe(0);
  expect(terminal.resized.size).toBe(0);
}

describe('on a terminal', () => {
  test('the fleet is there, the worst first, and changes as it does', async () => {
    await using at = await shown();
    const { terminal, hub, clock } = at;
    expect(terminal.lines[0]).toBe(`${new URL(at.api.url).host}  3 units: 1 lost, 2 online`);
    expect(names(terminal)).toEqual(['gone', 'hot', 'cold']);
    expect(terminal.text).toContain('(40.0 °C)');
    hub.all.set('cold', unit('cold', { celsius: 99.5 }));
    hub.commit(unitReading(1, { clientId: 'cold', unit: 'cold' }));
    clock.pass(250);
    await until(() => terminal.text.includes('99.5 °C'), 'the change');
    expect(names(terminal)).toEqual(['gone', 'cold', 'hot']);
    expect(terminal.lines).toHaveLength(12);
  });

  test('keys sort and filter what is seen', async () => {
    await using at = await shown('top --sort name');
    const { terminal } = at;
    expect(names(terminal)).toEqual(['cold', 'gone', 'hot']);
    terminal.press('d');
    await until(() => terminal.text.includes('by disk'), 'the order');
    expect(names(terminal)).toEqual(['cold', 'hot', 'gone']);
    terminal.press('/site=');
    await until(() => terminal.text.includes('filter: site=_'), 'the filter');
    expect(names(terminal)).toEqual(['cold', 'hot']);
    terminal.press('pa\r');
    await until(() => terminal.text.includes('filter: site=pa  1 of 3'), 'the end of the filter');
    expect(names(terminal)).toEqual(['hot']);
    terminal.press(escape);
    await until(() => !terminal.text.includes('filter: '), 'all');
    expect(names(terminal)).toHaveLength(3);
  });

  test('a key whose sequence comes in two pieces is that key, and not Escape', async () => {
    await using at = await shown('top --sort name --filter o');
    const { terminal } = at;
    terminal.press(escape);
    terminal.press('[');
    terminal.press('B');
    await until(() => terminal.chosen === 'gone', 'the bar');
    expect(terminal.text).toContain('filter: o');
  });

  test('Enter opens the unit under the bar with its plots, Escape goes back to it', async () => {
    await using at = await shown('top --sort name');
    const { terminal, hub } = at;
    hub.joined = await storeOf('gone', [30, 20, 10]);
    terminal.rows = 24;
    terminal.press(`${escape}[B\r`);
    await until(() => terminal.text.includes('celsius °C'), 'the plots');
    expect(terminal.lines[1]).toMatch(/^gone  lost  seen \w+( s ago)?  every 10 s$/);
    expect(terminal.text).toMatch(/^60\.0 \|.*#/m);
    expect(terminal.text).toContain('Esc back');
    terminal.press(escape);
    await until(() => terminal.text.includes('q end'), 'the list');
    expect(terminal.chosen).toBe('gone');
    terminal.press('q');
    expect(await at.top.exitCode).toBe(0);
  });

  test('a long report is scrolled to its end and no further', async () => {
    await using at = await shown('top --sort name');
    const { terminal, hub } = at;
    hub.joined = await storeOf('cold', [30, 20, 10]);
    terminal.press('\r');
    await until(() => terminal.text.includes('celsius °C'), 'the plots');
    const line = (): string | undefined => terminal.lines.at(-2);
    terminal.press(`${escape}[F`);
    await until(() => line()?.includes(' 60.0 ') === true, 'the last line of the table');
    terminal.press(`${escape}[6~${escape}[B${escape}[A`);
    await until(() => line()?.includes(' 50.0 ') === true, 'the line above it');
    terminal.press(`${escape}[H`);
    await until(() => terminal.lines[3]?.startsWith('cold  2026-11-21') === true, 'the beginning');
    expect(terminal.lines).toHaveLength(12);
  });

  test('a unit that the server does not answer for says why, and the fleet goes on', async () => {
    await using at = await shown('top --sort name');
    const { terminal, hub } = at;
    hub.all.delete('cold');
    terminal.press('\r');
    await until(() => terminal.text.includes('No unit has the client_id cold'), 'the reason');
    expect(terminal.text).not.toContain('asking for');
    expect(terminal.text).toContain('3 units');
  });

  test('a new size is drawn at once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await using api = await serve({ hub: new FakeHub(cold, hot, gone), clock: new ManualClock() });
    const terminal = new FakeTerminal();
    const top = onTerminal('top', terminal, { api: api.url });
    await until(() => {
      vi.advanceTimersByTime(10);
      return terminal.text.includes('3 units');
    }, 'the fleet');
    terminal.resize({ columns: 20, rows: 5 });
    let passedMs = 0;
    await until(() => {
      vi.advanceTimersByTime(10);
      passedMs += 10;
      return terminal.lines.length === 5;
    }, 'the new size');
    // And not only when it would be drawn anyway, so that ages are told.
    expect(passedMs).toBeLessThan(900);
    expect(Math.max(...terminal.lines.map((line) => line.length))).toBeLessThanOrEqual(20);
    top.end();
    expect(await top.exitCode).toBe(0);
  });

  test.each([
    ['q', (at: Shown) => at.terminal.press('q')],
    ['Ctrl-C', (at: Shown) => at.terminal.press('\u0003')],
    ['q while a unit is open, twice', (at: Shown) => at.terminal.press('\rqq')],
    ['a signal', (at: Shown) => at.top.end()],
    ['a terminal that goes away', (at: Shown) => at.terminal.keyboard.end()],
    ['a terminal that breaks', (at: Shown) => at.terminal.keyboard.emit('error', new Error('EIO'))],
  ])('%s ends it with 0, and leaves the terminal as it was', async (_, end) => {
    await using at = await shown();
    end(at);
    expect([await at.top.exitCode, at.top.stderr()]).toEqual([0, '']);
    expectAsBefore(at.terminal);
  });

  test('says since when the server is away, and goes on when it is back', async () => {
    await using at = await shown('top', {}, await freePort());
    const { terminal, api } = at;
    await api.close();
    await until(() => terminal.text.includes('STALE since'), 'the loss');
    expect(terminal.lines[0]).toMatch(/STALE since \d\d:\d\d:\d\d, trying again: /);
    expect(names(terminal)).toHaveLength(3);
    await until(() => terminal.text.includes('Nobody answers'), 'the reason of now');
    const clock = new ManualClock();
    await using again = await serve({ port: api.port, clock, hub: new FakeHub(hot) });
    await until(() => terminal.text.includes('1 unit: 1 online'), 'the fleet');
    expect(again.port).toBe(api.port);
    terminal.press('q');
    expect([await at.top.exitCode, at.top.stderr()]).toEqual([0, '']);
    expectAsBefore(terminal);
  });

  test('can be ended while the server is away', async () => {
    await using at = await shown('top', { patience: { reconnectFirstMs: 3_600_000, reconnectMsMax: 3_600_000 } });
    await at.api.close();
    await until(() => at.terminal.text.includes('STALE since'), 'the loss');
    at.terminal.press('q');
    expect(await at.top.exitCode).toBe(0);
    expectAsBefore(at.terminal);
  });

  test('a server that was never there is a failure, told when the terminal is as it was', async () => {
    const terminal = new FakeTerminal();
    const top = onTerminal('top', terminal, { api: nobody });
    expect([await top.exitCode, top.stderr()]).toEqual([
      1,
      expect.stringMatching(/^telemetryctl: Nobody answers at .* \[api-unreachable\]\n$/),
    ]);
    expectAsBefore(terminal);
  });

  test('q ends it while it still looks for the server', async () => {
    const terminal = new FakeTerminal();
    const top = onTerminal('top', terminal, { api: nobody, patience: { retryFirstMs: 3_600_000 } });
    await until(() => terminal.text.includes('connecting'), 'the screen');
    terminal.press('q');
    expect([await top.exitCode, top.stderr()]).toEqual([0, '']);
    expectAsBefore(terminal);
  });

  test('a server that says something else is asked again, not without a pause, and its words steer nothing', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    onTestFinished(() => void vi.restoreAllMocks());
    await using other = await stranger((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`event: fleet\ndata: {"time":1,"units":[{"client_id":"\\u001b[2J"}]}\n\n`);
    });
    const terminal = new FakeTerminal();
    const patience = { reconnectFirstMs: 3_600_000, reconnectMsMax: 3_600_000 };
    const top = onTerminal('top', terminal, { api: other.url, patience });
    await until(() => terminal.text.includes('is the server as new as telemetryctl'), 'the reason');
    expect(terminal.lines[0]).not.toContain('STALE');
    expect(other.requests).toEqual(['GET /api/v1/fleet/stream']);
    terminal.press('q');
    expect(await top.exitCode).toBe(0);
  });

  test('q does not wait for a unit that the server is still looking for', async () => {
    await using other = await stranger((response, count) => {
      if (count > 1) return;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const row = {
        client_id: 'a',
        name: 'a',
        state: 'online',
        v: 2,
        ip: '',
        tags: {},
        interval: { confirmed: 1, wanted: 1, rev: 1, state: 'confirmed', tries: 0 },
        registered: '2026-11-21T10:00:00.000Z',
        clock_offset_ms: 0,
        fullest_disk: null,
        values: ['a', 1, null, null, null, null, null, null, null, null, null, 'later'],
      };
      response.write(`event: fleet\ndata: ${JSON.stringify({ time: 1, units: [row] })}\n\n`);
    });
    const terminal = new FakeTerminal();
    const top = onTerminal('top', terminal, { api: other.url });
    await until(() => terminal.text.includes('1 unit: 1 online'), 'the fleet');
    terminal.press('\r');
    await until(() => other.requests.includes('GET /api/v1/units/a'), 'the question');
    expect(terminal.text).toContain('asking for the last hour');
    terminal.press('qq');
    expect([await top.exitCode, top.stderr()]).toEqual([0, '']);
    expectAsBefore(terminal);
  });

  test('a terminal that takes nothing is sent no second screen before it has taken the first', async () => {
    await using at = await shown();
    const { terminal } = at;
    const { drawn } = terminal;
    const stdout = terminal.stdout;
    stdout.cork();
    for (let key = 0; key < 50; key += 1) terminal.press(`${escape}[B`);
    await until(() => stdout.writableLength > 0, 'a screen');
    const held = stdout.writableLength;
    for (let key = 0; key < 50; key += 1) terminal.press(`${escape}[A`);
    await new Promise((resolve) => setImmediate(resolve));
    expect(stdout.writableLength).toBe(held);
    stdout.uncork();
    await until(() => terminal.drawn > drawn + 1, 'the next screen');
    expect(terminal.chosen).toBe('gone');
  });
});
