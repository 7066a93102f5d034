import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { localTimes } from '../../src/app/ctl/local-times.ts';
import type { UnitReading, Values } from '../../src/core/reading.ts';
import type { SeriesStep, StepQuery } from '../../src/store/contract.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { FakeHub, serve, startMs, unitReading, unitView, until } from '../http/fake-hub.ts';
import { gapRecord, keeping } from '../store/samples.ts';
import { run, start } from './run.ts';

const id = 'Yw1l0Ck3aT8mQ2vN5xR7sA';
const minute = 60_000;
/** Ten minutes of which every test has something. */
const range = `--from ${startMs} --to ${startMs + 10 * minute} --step 1m`;
const times = localTimes({ fromMs: startMs, toMs: startMs + 10 * minute, stepMs: minute });

let number = 0;
function taken(minutes: number, sensor: string, values: Values, ofId?: string): UnitReading {
  number += 1;
  const labels = { epoch: 'e', seq: number };
  return unitReading(1, { reading: { sensor, id: ofId, values, time: startMs + minutes * minute, ...labels } });
}

/** A hub of bench-03 that keeps these, and has missed the minutes from 3 to 7. */
async function hubWith(...readings: readonly UnitReading[]): Promise<FakeHub> {
  const store = new MemoryStore();
  const missed = {
    clientId: id,
    fromMs: startMs + 3 * minute,
    filledMs: startMs + 3 * minute,
    toMs: startMs + 7 * minute,
  };
  const unplugged = { reason: 'sensor-gone', sensor: 'disk', id: '/mnt', toMs: undefined } as const;
  const gaps = keeping(gapRecord(1, missed), gapRecord(2, { ...missed, ...unplugged }));
  await store.append({ units: [], readings, gaps });
  const hub = new FakeHub(unitView());
  hub.kept = store;
  hub.joined = store;
  hub.missing = store;
  return hub;
}

const some = [
  taken(0, 'disk', { used: 2 ** 30, total: 2 ** 31 }, '/mnt'),
  taken(1, 'disk', { used: 2 ** 31, total: 2 ** 31 }, '/mnt'),
  taken(0, 'cpu_temp', { celsius: 50 }),
  taken(0.5, 'cpu_temp', { celsius: 52.5 }),
  taken(3, 'cpu_temp', { celsius: 60 }),
  taken(8, 'cpu_temp', { celsius: 40 }),
];

/** Steps of a series, one a second. */
async function* steps(count: number, sensor = 'ram'): AsyncGenerator<SeriesStep> {
  for (let index = 0; index < count; index += 1) {
    const values = { used: { count: 1, min: index, max: index, sum: index } };
    yield { sensor, id: undefined, timeMs: startMs + index * 1000, stepMs: 1000, values };
  }
}

describe('telemetryctl history', () => {
  test('shows each series under its name: a plot with holes, a table, and the gaps in their place', async () => {
    await using api = await serve({ hub: await hubWith(...some) });
    const { exitCode, stdout, stderr } = await run(`history bench-03 ${range}`, { api: api.url, columns: 30 });
    expect([exitCode, stderr]).toEqual([0, '']);
    const at = (minutes: number): string => times.step(startMs + minutes * minute);
    const exact = (minutes: number): string => times.exact(startMs + minutes * minute);
    const off = `-- host-off, ${exact(3)} to ${exact(7)}: off, asleep, its client not running, or what it held lost with it`;
    expect(stdout)
      .toBe(`bench-03  ${times.dated(startMs)} to ${times.dated(startMs + 10 * minute)} (${times.zone}), steps of 1m

cpu_temp

celsius °C
60.0 |      ##
     |..    ##
     |##    ##
40.0 |##    ##        ..
      ${at(0)}          ${at(10)}

TIME   celsius °C min   avg   max
${at(0)}            50.0  51.3  52.5
${at(3)}            60.0  60.0  60.0
${off}
${at(8)}            40.0  40.0  40.0

disk /mnt

used GiB
2.00 |  ##
     |  ##
     |  ##
1.00 |..##
      ${at(0)}          ${at(10)}

unchanged: total 2.00 GiB

TIME   used GiB min   avg   max
${at(0)}          1.00  1.00  1.00
${at(1)}          2.00  2.00  2.00
${off}
-- sensor-gone since ${exact(3)}: the other readings went on, those of this sensor did not
`);
  });

  test('shows one sensor and one id where it is told to, and a unit by its client_id', async () => {
    await using api = await serve({ hub: await hubWith(...some, taken(2, 'disk', { used: 1 }, '/')) });
    const shown = async (flags: string): Promise<string[]> => {
      const { stdout } = await run(`history ${id} ${range} ${flags}`, { api: api.url });
      return stdout.split('\n').filter((line) => /^(cpu_temp|disk)/.test(line));
    };
    expect(await shown('')).toEqual(['cpu_temp', 'disk /', 'disk /mnt']);
    expect(await shown('--sensor disk')).toEqual(['disk /', 'disk /mnt']);
    expect(await shown('--sensor disk --id /')).toEqual(['disk /']);
    expect(await shown('--id /mnt')).toEqual(['disk /mnt']);
  });

  test('shows a value that is called as a member of the line is', async () => {
    await using api = await serve({
      hub: await hubWith(taken(0, 'machine', { step: 4 }), taken(1, 'machine', { step: 8 })),
    });
    const { stdout } = await run(`history bench-03 ${range}`, { api: api.url });
    expect(stdout).toMatch(/\nstep\n8.00 \|.*\n/);
    expect(stdout).toContain('step min   avg   max\n');
  });

  test('draws blocks where the locale has them, colours on a terminal, and fits its width', async () => {
    await using api = await serve({ hub: await hubWith(...some) });
    const shown = async (env: Record<string, string>, members: object = {}): Promise<string> =>
      (await run(`history bench-03 --sensor cpu_temp ${range}`, { api: api.url, env, ...members })).stdout;
    const blocks = await shown({ LANG: 'de_DE.UTF-8' });
    expect(blocks).toContain('40.0 ┤███████');
    expect(await shown({ LC_ALL: 'C', LANG: 'de_DE.UTF-8' })).toContain('40.0 |#######');
    expect(await shown({ LC_ALL: '', LC_CTYPE: 'C.utf8' })).toBe(blocks);
    expect(await shown({})).toContain('40.0 |#######');
    expect(blocks).not.toContain('\u001B');
    expect(await shown({}, { isTerminal: true })).toContain('\u001B[33m-- host-off');
    expect(await shown({ NO_COLOR: '1' }, { isTerminal: true })).not.toContain('\u001B');
    const widest = (text: string): number =>
      Math.max(
        ...text.split('\n').flatMap((line) => (line.startsWith('--') || line.startsWith('bench') ? [] : line.length)),
      );
    expect(widest(blocks)).toBeLessThanOrEqual(80);
    expect(widest(blocks)).toBeGreaterThan(70);
    expect(widest(await shown({}, { columns: 40 }))).toBeLessThanOrEqual(40);
    expect(widest(await shown({}, { columns: 200 }))).toBeGreaterThan(180);
  });

  test('asks for the last two hours in about sixty steps, or what it is told', async () => {
    const asked: StepQuery[] = [];
    const hub = await hubWith();
    hub.joined = {
      async *steps(query) {
        asked.push(query);
        yield* [];
      },
    };
    await using api = await serve({ hub });
    const query = async (flags: string): Promise<StepQuery | undefined> => {
      await run(`history bench-03 ${flags}`, { api: api.url });
      return asked.at(-1);
    };
    const usual = await query('');
    expect(usual?.stepMs).toBe(minute);
    expect(Math.abs((usual?.toMs ?? 0) - Date.now())).toBeLessThan(2 * minute);
    expect([120, 121]).toContain(((usual?.toMs ?? 0) - (usual?.fromMs ?? 0)) / minute);
    expect(await query(`--to ${startMs} --from ${startMs - 86_400_000}`)).toMatchObject({
      fromMs: startMs - 86_400_000,
      toMs: startMs,
      stepMs: 30 * minute,
    });
    expect(await query(`--from ${startMs - 1} --to ${startMs + 1} --step 1.5`)).toMatchObject({
      fromMs: startMs - 1500,
      toMs: startMs + 1500,
      stepMs: 1500,
    });
  });

  test('prints for programs the gaps and then the lines of the API, as they are', async () => {
    await using api = await serve({ hub: await hubWith(...some) });
    const { exitCode, stdout } = await run(`history bench-03 --sensor cpu_temp --json ${range}`, { api: api.url });
    const query = `sensor=cpu_temp&from=${startMs}&to=${startMs + 10 * minute}&step=1m&format=ndjson`;
    const lines = await (await fetch(`${api.url}/api/v1/units/${id}/readings?${query}`)).text();
    const gap = { unit: 'bench-03', client_id: id, event: 'gap', reason: 'host-off' };
    const ends = { from: '2026-11-21T10:03:00.000Z', to: '2026-11-21T10:07:00.000Z' };
    expect([exitCode, stdout]).toEqual([0, `${JSON.stringify({ ...gap, ...ends })}\n${lines}`]);
    expect(lines.split('\n')).toHaveLength(4);
  });
});

describe('a history of nothing', () => {
  test('says so, and what there is', async () => {
    const hub = await hubWith(...some);
    await using api = await serve({ hub });
    const said = async (flags: string): Promise<string> => {
      const { exitCode, stdout, stderr } = await run(`history bench-03 ${flags}`, { api: api.url });
      expect([exitCode, stderr]).toEqual([0, '']);
      return stdout;
    };
    const late = `--from ${startMs + 6e6} --to ${startMs + 7e6}`;
    const newest = `the newest is of ${times.dated(startMs)}: move --from and --to.\n`;
    expect(await said(late)).toMatch(/^bench-03 has no readings from \d{4}-.* \(.*\); /);
    expect(await said(late)).toContain(newest);
    expect(await said(`--sensor disk --id / ${late}`)).toContain('has no readings of disk / from');
    expect(await said(`--sensor disk --id / ${late}`)).toContain(newest);
    expect(await said(`--sensor ram --id nowhere ${late}`)).toContain(
      'it has sent cpu_temp coretemp/Package id 0, disk /, disk /var, ram.\n',
    );
    expect(await said(`--id nowhere ${late}`)).toContain('has no readings with the id nowhere from');
    expect(await said(late)).toContain('-- sensor-gone since');
    hub.all.set(id, unitView({ latest: {} }));
    expect(await said(late)).toContain('none has come since the server started: try an earlier --from.');
  });

  test('of a sensor that the unit never had is refused in the words of the server', async () => {
    await using api = await serve({ hub: await hubWith(...some) });
    for (const form of ['', '--json']) {
      expect(await run(`history bench-03 --sensor gpu ${form}`, { api: api.url })).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: 'telemetryctl: bench-03 has no readings of a sensor gpu; it has cpu_temp, disk, ram. [api-refused]\n',
      });
    }
    const { exitCode, stderr } = await run('history bench-4', { api: api.url });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('did you mean bench-03?')]);
  });
});

describe('a history of much', () => {
  test('shows twenty series, and says how many more there are and how to choose', async () => {
    const many = Array.from({ length: 30 }, (_, index) => taken(0, 'disk', { used: 1 }, `/${index + 10}`));
    const readings = [...many, taken(0, 'ram', { used: 1 }), taken(1, 'ram', { used: 2 })];
    await using api = await serve({ hub: await hubWith(...readings) });
    const { exitCode, stdout } = await run(`history bench-03 ${range}`, { api: api.url });
    expect(exitCode).toBe(0);
    expect(stdout.match(/^disk \/\d+$/gm)).toEqual(many.slice(0, 20).map(({ reading }) => `disk ${reading.id}`));
    expect(stdout).toMatch(
      /\n11 more series are left out: disk \(10\), ram \(1\); choose with --sensor and --id, or take --json for all\.\n$/,
    );
    const { stdout: all } = await run(`history bench-03 --json ${range}`, { api: api.url });
    expect(all.match(/"sensor":"(disk|ram)","id":|"sensor":"ram"/g)).toHaveLength(33);
  });

  test('is refused before it floods the terminal, and ends its query', async () => {
    const hub = await hubWith();
    const asked = { ended: false, steps: 0 };
    hub.joined = {
      async *steps() {
        try {
          for await (const step of steps(50_000_000)) {
            asked.steps += 1;
            yield step;
          }
        } finally {
          asked.ended = true;
        }
      },
    };
    await using api = await serve({ hub });
    expect(await run('history bench-03 --step 1s --from -1d', { api: api.url })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'telemetryctl: ram has more than 10000 steps of 1s in that time; choose a longer --step or a shorter time, or --json for all of them. [bad-usage]\n',
    });
    await until(() => asked.ended, 'the end of the query');
    expect(asked.steps).toBeLessThan(100_000);
  });

  test('of ten thousand steps is shown', async () => {
    const hub = await hubWith();
    hub.joined = { steps: () => steps(10_000) };
    await using api = await serve({ hub });
    const flags = `--step 1s --from ${startMs} --to ${startMs + 10_000_000}`;
    const { exitCode, stdout } = await run(`history bench-03 ${flags}`, { api: api.url });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').length).toBeGreaterThan(10_000);
  });
});

describe('a history that goes wrong', () => {
  test('in its midst is a failure, and nothing is taken for the whole', async () => {
    const hub = await hubWith();
    hub.joined = {
      async *steps() {
        yield* steps(500);
        throw new Error('the disk');
      },
    };
    await using api = await serve({ hub });
    const { exitCode, stdout, stderr } = await run('history bench-03', { api: api.url });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/The readings of bench-03 ended early \(.*\[api-answer-broken\]\n$/);
  });

  test('for the text that a unit chose cannot steer the terminal', async () => {
    const hub = await hubWith(taken(0, 'disk', { used: 1 }, 'a\u009B2J\u202Eb\u001B[2J'));
    hub.all.set(id, unitView({ name: 'n\u001B[2J' }));
    await using api = await serve({ hub });
    for (const form of ['', '--json']) {
      const { stdout } = await run(`history ${id} ${form} ${range}`, { api: api.url });
      expect(stdout).toContain('a\\u009b2J\\u202eb\\u001b[2J');
      expect(stdout).toContain('n\\u001b[2J');
      for (const raw of ['\u009B', '\u202E', '\u001B']) expect(stdout).not.toContain(raw);
    }
  });

  test('as the user ends it has not done what it was told, and ends its query', async () => {
    const hub = await hubWith();
    const asked = { begun: false, ended: false };
    hub.joined = {
      async *steps(_, signal) {
        yield* steps(5_000);
        asked.begun = true;
        await until(() => signal?.aborted === true, 'the abort');
        asked.ended = true;
      },
    };
    await using api = await serve({ hub });
    const waiting = start('history bench-03', { api: api.url });
    await until(() => asked.begun, 'the beginning');
    waiting.end();
    expect([await waiting.exitCode, waiting.stdout(), waiting.stderr()]).toEqual([
      1,
      '',
      'telemetryctl: ended before the end; what was printed is not all.\n',
    ]);
    await until(() => asked.ended, 'the end of the query');
  });

  test('for its reader has left ends quietly', async () => {
    const hub = await hubWith();
    hub.joined = { steps: () => steps(50_000_000) };
    await using api = await serve({ hub });
    const left = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const { exitCode, stderr } = await run('history bench-03 --json', { api: api.url, stdout: left });
    expect([exitCode, stderr]).toEqual([0, '']);
  });
});
