import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds at a moment. */
export interface ProcessSample {
  /** Seconds since the first sample. */
  readonly seconds: number;
  readonly rssMiB: number;
  readonly descriptors: number;
  readonly threads: number;
}

/** From `/proc/PID`; formats: proc_pid_status(5). */
export function sampleOf(pid: number, seconds: number): ProcessSample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    seconds,
    rssMiB: number('VmRSS') / 1_024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: number('Threads'),
  };
}

/**
 * What `values` gain in an hour: the median of the slopes between all pairs (Theil-Sen), which a few samples that were taken at a bad moment do not
 * change.
 */
export function slopePerHour(values: readonly { readonly seconds: number; readonly value: number }[]): number {
  const slopes: number[] = [];
  for (const [index, later] of values.entries()) {
    for (const earlier of values.slice(0, index)) {
      slopes.push(((later.value - earlier.value) * 3_600) / (later.seconds - earlier.seconds));
    }
  }
  return slopes.toSorted((first, second) => first - second)[Math.floor(slopes.length / 2)] ?? 0;
}
