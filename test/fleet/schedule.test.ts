import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unitsOfThread } from '../../src/fleet/plan.ts';
import { DueReadings, Schedule } from '../../src/fleet/schedule.ts';

test('readings are due at equal distances, unit after unit', () => {
  const schedule = new Schedule({ startMs: 1_000, readingsPerSecond: 10, clients: 3 });
  const due = [1, 2].flatMap((seq) => [0, 1, 2].map((unit) => schedule.dueMs(unit, seq)));
  expect(due).toEqual([1_000, 1_100, 1_200, 1_300, 1_400, 1_500]);
});

test('a thread that looks late gets all that was due, and the ones after it are no later for that', () => {
  const schedule = new Schedule({ startMs: 0, readingsPerSecond: 1_000, clients: 2 });
  const due = new DueReadings(schedule, [0, 1]);
  const seen: string[] = [];
  due.through(4.5, (place, seq) => seen.push(`${place}:${seq}`));
  expect(seen).toEqual(['0:1', '1:1', '0:2', '1:2', '0:3']);
  expect(due.nextMs).toBe(5);
});

test('threads together take each reading once, however many there are', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 300 }),
      (clients, many, count) => {
        const threads = Math.min(clients, many);
        const schedule = new Schedule({ startMs: 0, readingsPerSecond: 1_000, clients });
        const labels: string[] = [];
        for (let thread = 0; thread < threads; thread += 1) {
          const units = unitsOfThread({ clients, threads }, thread);
          let lastMs = 0;
          new DueReadings(schedule, units).through(count, (place, seq) => {
            const unit = units[place] ?? Number.NaN;
            const dueMs = schedule.dueMs(unit, seq);
            expect(dueMs).toBeGreaterThanOrEqual(lastMs);
            lastMs = dueMs;
            labels.push(`${unit}:${seq}`);
          });
        }
        expect(new Set(labels).size).toBe(labels.length);
        expect(labels).toHaveLength(count + 1);
      },
    ),
  );
});
