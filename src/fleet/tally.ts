import { Histogram } from './histogram.ts';

/** What has happened so far, of one thread or of all. */
export interface Counts {
  /** Units that are registered now. */
  readonly registered: number;
  readonly connections: number;
  /** Connections that this fleet cut, as `loss` says. */
  readonly cuts: number;
  /** Connections that ended otherwise: by the server, by the network, or because an answer did not come in time. */
  readonly broken: number;
  readonly sent: number;
  /** Readings that were sent once more after their connection had ended. */
  readonly resent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Readings that are due and not answered. */
  readonly unanswered: number;
  /** Answers of `!FAIL` by their code. */
  readonly failures: Readonly<Record<string, number>>;
  /** What a right server does not do, in words; at most `faultsMax`. */
  readonly faults: readonly string[];
  readonly faultCount: number;
  /** From when a reading was due to its acknowledgement. */
  readonly latency: Float64Array;
  /** Share of its time that the busiest thread's loop was busy, 0 to 1. */
  readonly busy: number;
}

const faultsMax = 20;

/** Counts what the units of one thread do. */
export class Tally {
  readonly latency = new Histogram();
  /** Readings that were due before it do not count there. */
  latencyFromMs = 0;
  readonly #failures = new Map<string, number>();
  readonly #faults: string[] = [];
  #faultCount = 0;
  registered = 0;
  connections = 0;
  cuts = 0;
  broken = 0;
  sent = 0;
  resent = 0;
  acknowledged = 0;
  refused = 0;

  failure(code: string): void {
    this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
  }

  fault(words: string): void {
    this.#faultCount += 1;
    if (this.#faults.length < faultsMax) this.#faults.push(words);
  }

  counts({ unanswered, busy }: { readonly unanswered: number; readonly busy: number }): Counts {
    const { registered, connections, cuts, broken, sent, resent, acknowledged, refused } = this;
    return {
      registered,
      connections,
      cuts,
      broken,
      sent,
      resent,
      acknowledged,
      refused,
      unanswered,
      busy,
      failures: Object.fromEntries(this.#failures),
      faults: [...this.#faults],
      faultCount: this.#faultCount,
      latency: this.latency.counts,
    };
  }
}

/** The counts of all threads together. */
export function sumOf(all: readonly Counts[]): Counts {
  const latency = new Histogram();
  const failures: Record<string, number> = {};
  for (const counts of all) {
    latency.merge(new Histogram(counts.latency));
    for (const [code, count] of Object.entries(counts.failures)) failures[code] = (failures[code] ?? 0) + count;
  }
  const sum = (count: (counts: Counts) => number): number => all.reduce((total, counts) => total + count(counts), 0);
  return {
    registered: sum((counts) => counts.registered),
    connections: sum((counts) => counts.connections),
    cuts: sum((counts) => counts.cuts),
    broken: sum((counts) => counts.broken),
    sent: sum((counts) => counts.sent),
    resent: sum((counts) => counts.resent),
    acknowledged: sum((counts) => counts.acknowledged),
    refused: sum((counts) => counts.refused),
    unanswered: sum((counts) => counts.unanswered),
    failures,
    faults: all.flatMap((counts) => counts.faults).slice(0, faultsMax),
    faultCount: sum((counts) => counts.faultCount),
    latency: latency.counts,
    busy: Math.max(0, ...all.map((counts) => counts.busy)),
  };
}
