import { expect, test } from 'vitest';
import { Rounds } from '../../src/client/rounds.ts';
import type { Fields } from '../../src/core/log.ts';
import type { Reading } from '../../src/core/reading.ts';
import type { Sensor } from '../../src/sensors/contract.ts';
import { createManualClock } from '../manual-clock.ts';

interface Told {
  readonly level: string;
  readonly event: string;
  readonly fields: Fields | undefined;
}

function roundsOf(sensors: readonly Sensor[]): { rounds: Rounds; told: Told[]; advance: (ms: number) => void } {
  const clock = createManualClock();
  const told: Told[] = [];
  const log = (level: string, event: string, fields?: Fields): void => void told.push({ level, event, fields });
  return { rounds: new Rounds({ sensors, clock, log, timeoutMs: 5_000 }), told, advance: (ms) => clock.advance(ms) };
}

const fine: Sensor = { name: 'fine', read: async () => [{ sensor: 'fine', values: { value: 1 } }] };

test('a sensor that throws costs its own readings, and is told once until it is well again', async () => {
  let broken = true;
  const moody: Sensor = {
    name: 'moody',
    read: async () => {
      if (broken) throw new Error('no such bus');
      return [{ sensor: 'moody', values: { value: 2 } }];
    },
  };
  const { rounds, told } = roundsOf([moody, fine]);
  expect(await rounds.read()).toHaveLength(1);
  expect(await rounds.read()).toHaveLength(1);
  broken = false;
  expect(await rounds.read()).toHaveLength(2);
  expect(told.map(({ level, event }) => `${level} ${event}`)).toEqual([
    'warn sensor-failed',
    'debug sensor-failed',
    'info sensor-recovered',
  ]);
  expect(told[0]?.fields).toEqual({ sensor: 'moody', reason: 'no such bus' });
});

test('a sensor that is absent is told once, at info, with what would help', async () => {
  const absent: Sensor = { name: 'cpu_temp', read: async () => 'absent', hint: 'load a driver' };
  const { rounds, told } = roundsOf([absent, fine]);
  await rounds.read();
  await rounds.read();
  expect(told).toEqual([
    { level: 'info', event: 'sensor-absent', fields: { sensor: 'cpu_temp', hint: 'load a driver' } },
  ]);
});

test('a sensor that hangs costs its own readings, and is not asked again until its call returns', async () => {
  let asked = 0;
  let answer: (readings: readonly Reading[]) => void = () => undefined;
  const hanging: Sensor = {
    name: 'hanging',
    read: () => {
      asked += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  };
  const { rounds, told, advance } = roundsOf([hanging, fine]);
  const first = rounds.read();
  // The other sensor answers first.
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  advance(5_000);
  expect(await first).toHaveLength(1);
  expect(told[0]).toMatchObject({ event: 'sensor-failed', fields: { reason: 'no answer within 5000 ms' } });
  expect(await rounds.read()).toHaveLength(1);
  expect(asked).toBe(1);
  answer([{ sensor: 'hanging', values: {} }]);
  await Promise.resolve();
  await Promise.resolve();
  const third = rounds.read();
  answer([{ sensor: 'hanging', values: {} }]);
  expect(await third).toHaveLength(2);
  expect(asked).toBe(2);
});

test('an omission is told once for each reason', async () => {
  let reason = 'does not answer';
  const disk: Sensor = { ...fine, name: 'disk', omissions: () => [{ id: '/mnt', reason, kind: 'failed' }] };
  const { rounds, told } = roundsOf([disk]);
  await rounds.read();
  await rounds.read();
  reason = 'is gone';
  await rounds.read();
  expect(told.map(({ fields }) => fields?.['reason'])).toEqual(['does not answer', 'is gone']);
});
