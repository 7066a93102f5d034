import { describe, expect, test } from 'vitest';
import type { TakenReading } from '../../src/core/reading.ts';
import { newestValues, type NewestValues } from '../../src/http/live/newest-values.ts';
import { LatestReadings } from '../../src/server/latest-readings.ts';
import { startMs } from './fake-hub.ts';

const interval = { confirmed: 1, wanted: 1, rev: 1, state: 'confirmed', tries: 0 } as const;

type Taken = Pick<TakenReading, 'sensor' | 'values'> & { readonly at: number; readonly id?: string };

/** What is shown of readings that were stored in this order; `at` is in milliseconds. */
function shown(taken: readonly Taken[], seconds = 1): Partial<NewestValues> {
  const latest = new LatestReadings();
  for (const { at, ...reading } of taken) {
    latest.take({ ...reading, time: startMs + at, epoch: undefined, seq: undefined });
  }
  const values = newestValues({ readings: latest.all, interval: { ...interval, wanted: seconds } });
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => typeof value === 'string' || Number.isFinite(value)),
  );
}

const temperature = (at: number, celsius: number, id = 'a'): Taken => ({
  at,
  id,
  sensor: 'cpu_temp',
  values: { celsius },
});
const disk = (at: number, used: number, id = '/'): Taken => ({ at, id, sensor: 'disk', values: { used, total: 100 } });

describe('the overview shows', () => {
  test('nothing of a unit that has measured nothing', () => {
    expect(shown([])).toEqual({});
  });

  test('the hottest of several processors, with its time', () => {
    expect(shown([temperature(0, 50), temperature(5, 61.26, 'b'), temperature(7, 60, 'c')])).toEqual({
      cpuTemp: 61.3,
      cpuTempMs: startMs + 5,
    });
  });

  test('the fullest of several disks, by its part and not its bytes', () => {
    const large: Taken = { at: 1, id: '/large', sensor: 'disk', values: { used: 500, total: 1_000 } };
    expect(shown([large, disk(2, 90), disk(3, 10, '/var')])).toEqual({
      disk: 0.9,
      diskMs: startMs + 2,
      fullestDisk: '/',
    });
  });

  test.for([
    ['used of total', { used: 1, available: 1, total: 4 }, 0.25],
    ['what is not available, where there is no used', { available: 1, total: 4 }, 0.75],
    ['what version 1 says', { used_ratio: 0.018 }, 0.018],
    ['four decimals', { used: 1, total: 3 }, 0.3333],
    ['no more than all', { used: 5, total: 4 }, 1],
    ['no less than nothing', { available: 5, total: 4 }, 0],
  ] as const)('of the memory %s', ([, values, ram]) => {
    expect(shown([{ at: 1, sensor: 'ram', values }])).toEqual({ ram, ramMs: startMs + 1 });
  });

  test.for([{ used: 1 }, { used: 1, total: 0 }, { total: 4 }, {}])('nothing of a memory with %j', (values) => {
    expect(shown([{ at: 1, sensor: 'ram', values }])).not.toHaveProperty('ram');
  });

  test('the utilisation of the processors, where the round had one', () => {
    const cpu = (at: number, values: TakenReading['values']): Taken => ({ at, sensor: 'cpu', values });
    expect(shown([cpu(1, { utilisation: 0.12345, load1: 3 })])).toEqual({ cpu: 0.1235, cpuMs: startMs + 1 });
    expect(shown([cpu(1, { utilisation: 0.5 }), cpu(2, { load1: 3 })])).not.toHaveProperty('cpu');
  });

  test('a newer value still, when an older one comes late from a backlog', () => {
    const newest = [temperature(1_000, 50), disk(1_000, 20)];
    expect(shown([...newest, temperature(500, 90), disk(500, 99)])).toEqual(shown(newest));
  });

  test('nothing of an input or a disk that has gone, beside those that have not', () => {
    expect(shown([temperature(0, 90, 'gone'), temperature(10_001, 50)])).toMatchObject({ cpuTemp: 50 });
    expect(shown([temperature(0, 90, 'late'), temperature(10_000, 50)])).toMatchObject({ cpuTemp: 90 });
    expect(shown([disk(0, 99, '/mnt/usb'), disk(10_001, 50)])).toMatchObject({ disk: 0.5, fullestDisk: '/' });
    expect(shown([disk(0, 99, '/mnt/usb'), disk(10_000, 50)])).toMatchObject({ disk: 0.99 });
    // 2.5 intervals.
    expect(shown([disk(0, 99, '/mnt/usb'), disk(50_000, 50)], 20)).toMatchObject({ disk: 0.99 });
    expect(shown([disk(0, 99, '/mnt/usb'), disk(50_001, 50)], 20)).toMatchObject({ disk: 0.5 });
  });

  test('the last value of an input, however long ago, where there is no other', () => {
    expect(shown([temperature(0, 90), disk(1_000_000, 50)])).toMatchObject({ cpuTemp: 90, cpuTempMs: startMs });
  });

  test('what a client said of its backlog, until it has said other things since', () => {
    const agent: Taken = { at: 0, sensor: 'agent', values: { backlog: 17 } };
    expect(shown([agent, disk(10_000, 50)])).toMatchObject({ backlog: 17 });
    expect(shown([agent, disk(10_001, 50)])).not.toHaveProperty('backlog');
  });
});
