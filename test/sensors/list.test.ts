import { systemClock } from '../../src/transport/system-clock.ts';
import { describe, expect, test, vi } from 'vitest';
import { explainSensors } from '../../src/sensors/explain.ts';
import { formatExplanation } from '../../src/sensors/format-explanation.ts';
import { openSensors } from '../../src/sensors/list.ts';
import type { SensorOptions } from '../../src/sensors/list.ts';
import { fixtureOptions } from './fixture.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const loaded = vi.hoisted((): string[] => []);
vi.mock(import('systeminformation'), async (original) => {
  loaded.push('systeminformation');
  return original();
});
vi.mock(import('node-os-utils'), async (original) => {
  loaded.push('node-os-utils');
  return original();
});

const signal = new AbortController().signal;

describe('the sensors', () => {
  test('of Linux are these, in this order, and load no library', async () => {
    const sensors = await openSensors({ source: 'auto', root: '/', platform: 'linux', clock: systemClock });
    expect(sensors.map(({ name }) => name)).toEqual(['cpu_temp', 'temp', 'disk', 'ram', 'cpu']);
    await Promise.all(sensors.map((sensor) => sensor.close?.() ?? Promise.resolve()));
    expect(loaded).toEqual([]);
  });

  test('of this machine give finite numbers under names of the wire', async () => {
    const sensors = await openSensors({ source: 'linux', root: '/', platform: 'linux', clock: systemClock });
    const rounds = await Promise.all(sensors.map((sensor) => sensor.read(signal)));
    const readings = rounds.flatMap((round) => (round === 'absent' ? [] : round));
    expect(readings.map(({ sensor }) => sensor)).toEqual(expect.arrayContaining(['ram', 'cpu']));
    for (const { sensor, values } of readings) {
      expect(sensor).toMatch(/^[a-z][a-z0-9_]{0,31}$/);
      expect(Object.keys(values).every((name) => /^[a-z][a-z0-9_]{0,31}$/.test(name))).toBe(true);
      expect(Object.values(values).every(Number.isFinite)).toBe(true);
    }
    await Promise.all(sensors.map((sensor) => sensor.close?.() ?? Promise.resolve()));
  });

  test('on request come from the libraries, on this machine too', async () => {
    const sensors = await openSensors({
      source: 'portable',
      root: '/',
      platform: process.platform,
      clock: systemClock,
    });
    expect(loaded.toSorted()).toEqual(['node-os-utils', 'systeminformation']);
    const ram = await sensors.find(({ name }) => name === 'ram')?.read(signal);
    const cpu = await sensors.find(({ name }) => name === 'cpu')?.read(signal);
    expect([ram, cpu]).toMatchObject([[{ sensor: 'ram' }], [{ sensor: 'cpu' }]]);
  });

  test('of Linux are refused elsewhere, with what to do', async () => {
    await expect(
      openSensors({ source: 'linux', root: '/', platform: 'win32', clock: systemClock }),
    ).rejects.toMatchObject({
      code: 'sensors-need-linux',
      exitCode: 2,
      message: expect.stringContaining('set it to auto'),
    });
  });
});

test('an explanation takes two samples of the processors, so that it has a utilisation', async () => {
  await using folder = await TemporaryFolder.make();
  await folder.write('proc/stat', 'cpu 100 0 100 800 0 0 0 0 0 0\n');
  const clock: SensorOptions['clock'] = {
    monotonicMs: () => 0,
    after: (delayMs, task) => {
      if (delayMs < 1_000) void folder.write('proc/stat', 'cpu 150 0 150 900 0 0 0 0 0 0\n').then(task);
      return () => undefined;
    },
  };
  const { sensors } = await explainSensors({ source: 'linux', platform: 'linux', root: folder.path, clock });
  expect(sensors.find(({ name }) => name === 'cpu')?.readings).toEqual([
    { sensor: 'cpu', values: { utilisation: 0.5 } },
  ]);
  expect(sensors.find(({ name }) => name === 'ram')).toMatchObject({ state: 'absent', readings: [] });
});

describe('the explanation for a person', () => {
  test('shows readings, every temperature input with its reason, and what was left out', async () => {
    const text = formatExplanation({ ...(await explainSensors(await fixtureOptions('broken'))), root: '/' });
    const lines = text.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '));
    expect(lines).toContain('cpu_temp | x86_pkg_temp | celsius 55 | thermal_zone1: package zone');
    expect(lines).toContain('disk | / | used 47.7 GiB, available 173.3 GiB, total 232.9 GiB');
    expect(lines).toContain(
      'refused | nct6779/AUXTIN0 | hwmon1/temp3_input | 127 °C | the end of its scale: nothing is connected',
    );
    expect(lines).toContain("CPU | x86_pkg_temp | thermal_zone1 | 55 °C | the CPU's: package zone");
    expect(lines).toContain("disk | /data | EIO: i/o error, statfs '/data'");
    expect(lines.filter((line) => line.includes('nct6779/AUXTIN0'))).toHaveLength(1);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('says what would help where a sensor is absent', async () => {
    const text = formatExplanation(await explainSensors(await fixtureOptions('virtual-machine')));
    expect(text).toMatch(/cpu_temp +- +absent: this is a virtual machine/);
  });

  test('is not given once its signal has aborted', async () => {
    const options = await fixtureOptions('raspberry-pi');
    await expect(explainSensors(options, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
