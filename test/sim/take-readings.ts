import type { Clock } from '../../src/core/clock.ts';
import type { Reading } from '../../src/core/reading.ts';
import type { Random } from './random.ts';

/** Readings of one round, at most: four of the sensors and the client's own. */
export const roundReadingsMax = 5;

/** A round of sensors that take their time: one to four readings, some of which only just fit into a frame. */
export function takeReadings(random: Random, clock: Clock): Promise<readonly Reading[]> {
  const readings = Array.from({ length: random.integer(1, 4) }, () => takeOne(random));
  if (random.chance(0.6)) return Promise.resolve(readings);
  return new Promise((resolve) => {
    clock.after(random.between(1, random.chance(0.05) ? 2_000 : 30), () => {
      resolve(readings);
    });
  });
}

function takeOne(random: Random): Reading {
  const value = Math.round(random.between(0, 1e12)) / 1000;
  // No server takes this one: its place in the order is kept all the same.
  if (random.chance(0.01)) return { sensor: 'No Sensor', values: { value } };
  if (random.chance(0.05)) {
    const id = '⚙'.repeat(random.integer(1, 90));
    return { sensor: 'cpu', id, source: 'x'.repeat(random.integer(1, 60)), values: { value } };
  }
  const total = random.integer(1e6, 1e12);
  return random.pick([
    { sensor: 'cpu_temp', id: `n${random.integer(1, 9)}`, values: { celsius: random.between(20, 90) } },
    { sensor: 'disk', id: '/', values: { used: random.integer(0, total), total } },
    { sensor: 'ram', values: { used: random.integer(0, total), total } },
  ]);
}
