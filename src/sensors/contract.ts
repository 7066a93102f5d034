import type { Reading } from '../core/reading.ts';

/** One kind of measurement. Timing, time-outs and logging belong to its runner in client/. */
export interface Sensor {
  /** The kind that its readings carry in `sensor`. */
  readonly name: string;
  /** `'absent'`: not on this machine. A throw: it is there and broken. An aborted `signal` only ends the caller's wait. */
  read(signal: AbortSignal): Promise<readonly Reading[] | 'absent'>;
}
