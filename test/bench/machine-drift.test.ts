import { describe, expect, test } from 'vitest';
import { median } from '../../bench/figure.ts';
import { MachineDrift, type Sensor } from '../../bench/machine-drift.ts';
import { telemetryDialect } from '../../bench/telemetry-dialect.ts';

const readings = 8_640;
const machines = 20;

/** A day of one value, of some machines one after the other. */
function days(sensor: Sensor, name: string): readonly (readonly number[])[] {
  return Array.from({ length: machines }, (_, seed) => {
    const machine = new MachineDrift(seed);
    return Array.from({ length: readings }, () => machine.next(sensor).values[name] ?? Number.NaN);
  });
}

function stepsOf(day: readonly number[]): readonly number[] {
  return day.slice(1).map((value, index) => Math.abs(value - (day[index] ?? 0)));
}

describe('a machine of the load', () => {
  test('is the same machine again with the same seed', () => {
    expect(days('ram', 'used')).toEqual(days('ram', 'used'));
    expect(days('ram', 'used')[0]).not.toEqual(days('ram', 'used')[1]);
  });

  test('has memory that never stands still for long and moves by whole pages', () => {
    for (const day of days('ram', 'used')) {
      expect(day.every((bytes) => Number.isSafeInteger(bytes) && bytes >= 0 && bytes % 4_096 === 0)).toBe(true);
      const still = stepsOf(day).filter((step) => step === 0).length;
      expect(still).toBeLessThan(readings / 20);
      // Half of the steps are below 0.1 % of what there is: it drifts, and is no noise.
      expect(median(stepsOf(day))).toBeLessThan(16_180_244_480 / 1_000);
    }
  });

  test('has disks on which every other reading finds nothing new', () => {
    const steps = days('disk', 'used').flatMap(stepsOf);
    const still = steps.filter((step) => step === 0).length / steps.length;
    expect(still).toBeGreaterThan(0.2);
    expect(still).toBeLessThan(0.7);
  });

  test('has temperatures of one decimal, and utilisations of four from 0 to 1', () => {
    for (const celsius of days('cpu_temp', 'celsius').flat()) {
      expect(Math.round(celsius * 10) / 10).toBe(celsius);
      expect(Math.abs(celsius - 50)).toBeLessThan(50);
    }
    const shares = days('cpu', 'utilisation').flat();
    expect(shares.every((share) => share >= 0 && share <= 1 && Math.round(share * 1e4) / 1e4 === share)).toBe(true);
  });

  test('has loads that follow its utilisation, the longer average the more slowly', () => {
    const [load1, load5, load15] = ['load1', 'load5', 'load15'].map((name) => days('cpu', name).flatMap(stepsOf));
    const mean = (steps: readonly number[] = []): number => steps.reduce((sum, step) => sum + step, 0) / steps.length;
    expect(mean(load1)).toBeGreaterThan(mean(load5));
    expect(mean(load5)).toBeGreaterThan(mean(load15));
    expect(mean(load15)).toBeGreaterThan(0);
  });

  test('makes frames of 110 to 150 bytes', () => {
    for (let seed = 0; seed < machines; seed += 1) {
      const machine = new MachineDrift(seed);
      for (const sensor of ['cpu_temp', 'disk', 'ram', 'cpu'] as const) {
        const reading = { ...machine.next(sensor), unit: 'unit', seq: 1_000_000, timeMs: 1_795_255_200_123 };
        const { length } = telemetryDialect.request(reading);
        expect(length).toBeGreaterThanOrEqual(110);
        expect(length).toBeLessThanOrEqual(150);
      }
    }
  });
});
