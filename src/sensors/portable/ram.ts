import type { Values } from '../../core/reading.ts';
import type { Sensor } from '../contract.ts';
import { numberOf } from './answer.ts';
import type { PortableLibraries } from './libraries.ts';

/** `ram` by way of systeminformation: `used`, `available`, `total`, `swap_used` and `swap_total`, bytes. */
export function ram(libraries: PortableLibraries): Sensor {
  return {
    name: 'ram',
    async read() {
      return [{ sensor: 'ram', values: parseMem(await libraries.mem()) }];
    },
  };
}

/**
 * From an answer of systeminformation's `mem()`. Its `used` counts the file cache, which programs can have back, so `used` is
 * what is not available, as on Linux. Throws where there is no total.
 */
export function parseMem(answer: unknown): Values {
  const total = numberOf(answer, 'total');
  const available = numberOf(answer, 'available');
  if (total === undefined || !(total > 0) || available === undefined) {
    throw new Error('systeminformation.mem gave no total or no available memory');
  }
  const bounded = Math.min(Math.max(0, available), total);
  const values = { used: total - bounded, available: bounded, total };
  const swapTotal = numberOf(answer, 'swaptotal');
  const swapUsed = numberOf(answer, 'swapused');
  if (swapTotal === undefined || swapUsed === undefined) return values;
  return { ...values, swap_used: swapUsed, swap_total: swapTotal };
}
