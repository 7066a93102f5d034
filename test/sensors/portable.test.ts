import { systemClock } from '../../src/transport/system-clock.ts';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainSensors } from '../../src/sensors/explain.ts';
import { openSensors } from '../../src/sensors/list.ts';
import { member } from '../../src/sensors/portable/answer.ts';
import { parseCpus, parseLoadAverage, parseUsage } from '../../src/sensors/portable/cpu.ts';
import { parseFsSize } from '../../src/sensors/portable/disk.ts';
import { oneAtATime } from '../../src/sensors/portable/libraries.ts';
import type { PortableLibraries } from '../../src/sensors/portable/libraries.ts';
import { parseMem } from '../../src/sensors/portable/ram.ts';
import { parseTemperatures } from '../../src/sensors/portable/temperatures.ts';
import { impatientClock } from './fixture.ts';

const machines = [
  'windows',
  'windows-without-temperature',
  'windows-acpi-constant',
  'macos-apple-silicon',
  'macos-without-module',
] as const;

async function recorded(name: string): Promise<{ platform: 'win32' | 'darwin'; libraries: PortableLibraries }> {
  const answers: unknown = JSON.parse(
    await readFile(new URL(`../fixtures/portable/${name}.json`, import.meta.url), 'utf8'),
  );
  const give = (call: string) => () => Promise.resolve(member(answers, call));
  const libraries: PortableLibraries = {
    cpuTemperature: give('cpuTemperature'),
    fsSize: give('fsSize'),
    mem: give('mem'),
    cpuUsage: give('cpuUsage'),
    loadAverage: give('loadAverage'),
    cpus: () => member(answers, 'cpus'),
  };
  return { platform: member(answers, 'platform') === 'win32' ? 'win32' : 'darwin', libraries };
}

describe('a recorded machine of another system', () => {
  test.each(machines)('%s gives the readings and the reasons of its expected file', async (name) => {
    const { platform, libraries } = await recorded(name);
    const explanation = await explainSensors({ source: 'auto', root: '/', platform, libraries, clock: impatientClock });
    const text = JSON.stringify(explanation, undefined, 2);
    await expect(`${text}\n`).toMatchFileSnapshot(`../fixtures/portable/${name}.expected.json`);
  });

  test('on macOS the second round has the utilisation since the first', async () => {
    const { platform, libraries } = await recorded('macos-apple-silicon');
    const times = (user: number, idle: number) => [{ times: { user, nice: 0, sys: 0, idle, irq: 0 } }];
    const answers = [times(100, 100), times(130, 170)];
    const sensors = await openSensors({
      source: 'portable',
      root: '/',
      platform,
      libraries: { ...libraries, cpus: () => answers.shift() },
      clock: systemClock,
    });
    const cpu = sensors.find(({ name }) => name === 'cpu');
    const signal = new AbortController().signal;
    expect(await cpu?.read(signal)).toEqual([
      { sensor: 'cpu', source: undefined, values: { load1: 2.13, load5: 1.98, load15: 1.87, cores: 1 } },
    ]);
    expect(await cpu?.read(signal)).toMatchObject([{ values: { utilisation: 0.3 } }]);
  });
});

describe('the answers of the libraries', () => {
  test('Windows: zones count one by one, not as the mean that the library makes of them', () => {
    const taken = parseTemperatures({ main: 39.85, cores: [27.8, 51.9], max: 51.9 }, 'win32');
    expect(taken.map((sample) => (sample.type === 'value' ? [sample.input.id, sample.celsius] : []))).toEqual([
      ['acpi/zone 0', 27.8],
      ['acpi/zone 1', 51.9],
    ]);
  });

  test.each([null, -1, undefined, Number.NaN, '54'])('a temperature of %j is none', (main) => {
    expect(parseTemperatures({ main, cores: [] }, 'darwin')).toEqual([]);
  });

  test('macOS: a container of APFS counts once, with all that its volumes use', () => {
    const volume = { type: 'APFS', size: 100, available: 30, rw: true };
    const answer = [
      { ...volume, fs: '/dev/disk3s5', used: 60, mount: '/System/Volumes/Data' },
      { ...volume, fs: '/dev/disk3s1s1', used: 10, mount: '/' },
      { ...volume, fs: 'devfs', used: 1, mount: '/dev', type: 'HFS' },
    ];
    expect(parseFsSize(answer, 'darwin')).toEqual([
      { sensor: 'disk', id: '/', values: { used: 70, available: 30, total: 100 } },
    ]);
  });

  test('memory that programs can have back is not used', () => {
    expect(parseMem({ total: 100, used: 95, available: 40, swaptotal: 0, swapused: 0 })).toEqual({
      used: 60,
      available: 40,
      total: 100,
      swap_used: 0,
      swap_total: 0,
    });
  });

  test('a failure of node-os-utils is thrown with its words', () => {
    expect(() => parseUsage({ success: false, error: new Error('no counters') })).toThrow(
      'cpu.usage failed: no counters',
    );
    expect(() => parseLoadAverage({ success: true, data: { load1: 1 } })).toThrow('gave no numbers');
  });

  test('anything else gives either finite values or an error, never an invented number', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom('win32', 'darwin', 'linux'), (answer, platform) => {
        for (const { values } of parseFsSize(answer, platform))
          expect(Object.values(values).every(Number.isFinite)).toBe(true);
        parseTemperatures(answer, platform);
        parseCpus(answer);
        for (const parse of [parseMem, parseUsage, parseLoadAverage]) {
          try {
            expect(Object.values(parse(answer)).every(Number.isFinite)).toBe(true);
          } catch (error) {
            expect(String(error)).toMatch(/systeminformation|node-os-utils/);
          }
        }
      }),
    );
  });

  test('a call that has not returned is not made again', async () => {
    let calls = 0;
    let release = (): void => undefined;
    const call = oneAtATime('fsSize', () => {
      calls += 1;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    const first = call();
    await expect(call()).rejects.toThrow('fsSize has not returned');
    release();
    await first;
    const third = call();
    release();
    await third;
    expect(calls).toBe(2);
  });
});
