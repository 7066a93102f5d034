import type { ServerReport } from '../../../src/api/contract.ts';

/** What went on between two reports, by the server's clock. */
export interface Rates {
  readonly fromMs: number;
  readonly toMs: number;
  readonly readingsPerSecond: number;
  readonly commitsPerSecond: number;
  /** Processor time by time: 1 is one core. */
  readonly cores: number;
}

/** What rates are computed from. */
export type Counted = Pick<ServerReport, 'started' | 'time' | 'readings' | 'commits' | 'process'>;

/** Undefined where there is nothing to compare: the server was started anew between them, or its clock did not go on. */
export function ratesBetween(former: Counted, later: Counted): Rates | undefined {
  const [fromMs, toMs] = [Date.parse(former.time), Date.parse(later.time)];
  const seconds = (toMs - fromMs) / 1_000;
  if (former.started !== later.started || !(seconds > 0)) return undefined;
  return {
    fromMs,
    toMs,
    readingsPerSecond: (later.readings.stored - former.readings.stored) / seconds,
    commitsPerSecond: (later.commits.stored - former.commits.stored) / seconds,
    cores: (later.process.cpu_seconds - former.process.cpu_seconds) / seconds,
  };
}
