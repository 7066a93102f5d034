import { Histogram } from './histogram.ts';
import type { Counts } from './tally.ts';

/** What is told of a run. Latencies are milliseconds, null where nothing was acknowledged. */
export interface Summary {
  readonly seconds: number;
  readonly clients: number;
  /** Readings a second that were due; null in a closed loop. */
  readonly rate: number | null;
  readonly loss: number;
  readonly seed: number;
  readonly acknowledged: number;
  readonly acknowledged_per_second: number;
  readonly refused: number;
  readonly resent: number;
  readonly unanswered: number;
  readonly connections: number;
  readonly cuts: number;
  readonly broken: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly latency_ms: { readonly p50: number | null; readonly p99: number | null; readonly max: number | null };
  /** What the fleet itself cost: seconds of CPU, the same as a share of one processor, and how busy its busiest thread was. */
  readonly cpu_seconds: number;
  readonly cpu_share: number;
  readonly busiest_thread: number;
  readonly wrong: number;
  readonly wrong_answers: readonly string[];
}

export interface SummaryOptions {
  readonly clients: number;
  readonly readingsPerSecond: number | undefined;
  readonly loss: number;
  readonly seed: number;
  readonly elapsedMs: number;
  readonly cpuMs: number;
  /** The busiest that a thread has been in a second. */
  readonly busiest: number;
}

export function summaryOf(counts: Counts, options: SummaryOptions): Summary {
  const { clients, readingsPerSecond, loss, seed, elapsedMs, cpuMs, busiest } = options;
  const { acknowledged, refused, resent, unanswered, connections, cuts, broken, failures, faults, faultCount } = counts;
  const latency = new Histogram(counts.latency);
  const at = (share: number): number | null => (latency.size === 0 ? null : rounded(latency.quantileMs(share), 3));
  return {
    seconds: rounded(elapsedMs / 1_000, 1),
    clients,
    rate: readingsPerSecond ?? null,
    loss,
    seed,
    acknowledged,
    acknowledged_per_second: rounded((acknowledged * 1_000) / elapsedMs, 1),
    refused,
    resent,
    unanswered,
    connections,
    cuts,
    broken,
    failures,
    latency_ms: { p50: at(0.5), p99: at(0.99), max: at(1) },
    cpu_seconds: rounded(cpuMs / 1_000, 2),
    cpu_share: rounded(cpuMs / elapsedMs, 3),
    busiest_thread: rounded(busiest, 3),
    wrong: faultCount,
    wrong_answers: faults,
  };
}

/** Beyond this a thread of the fleet is late for its own readings. */
const busyShare = 0.8;

export function summaryText(summary: Summary): string {
  const { latency_ms: latency, failures, wrong_answers: wrongAnswers } = summary;
  const loop = summary.rate === null ? 'closed loop' : `${summary.rate} readings/s`;
  const codes = Object.entries(failures).map(([code, count]) => `${count} ${code}`);
  const lines = [
    `${summary.clients} units, ${loop}, ${summary.seconds} s, loss ${summary.loss}, seed ${summary.seed}`,
    `readings     ${summary.acknowledged} acknowledged (${summary.acknowledged_per_second}/s), ${summary.refused} refused, ${summary.resent} resent, ${summary.unanswered} unanswered`,
    `connections  ${summary.connections} made, ${summary.cuts} cut by the fleet, ${summary.broken} broken`,
    `latency      p50 ${milliseconds(latency.p50)}, p99 ${milliseconds(latency.p99)}, max ${milliseconds(latency.max)}`,
    `the fleet    ${summary.cpu_seconds} s of CPU, ${percent(summary.cpu_share)} of a processor; its busiest thread ${percent(summary.busiest_thread)}`,
  ];
  if (codes.length > 0) lines.push(`!FAIL        ${codes.join(', ')}`);
  if (summary.busiest_thread > busyShare)
    lines.push('the fleet itself was too busy: take latencies for too high, and give it more --threads');
  if (summary.wrong > 0) lines.push(`${summary.wrong} wrong answers:`, ...wrongAnswers.map((words) => `  ${words}`));
  return `${lines.join('\n')}\n`;
}

/** The line of a second: what came in it, and what is so far. */
export function progressLine(counts: Counts, former: Counts | undefined, elapsedMs: number): string {
  const last = new Histogram(counts.latency);
  if (former !== undefined) last.subtract(new Histogram(former.latency));
  const latency =
    last.size === 0
      ? 'nothing acknowledged'
      : `p50 ${milliseconds(last.quantileMs(0.5))}, p99 ${milliseconds(last.quantileMs(0.99))}`;
  const acknowledged = counts.acknowledged - (former?.acknowledged ?? 0);
  return `${Math.round(elapsedMs / 1_000)} s  ${counts.registered} registered  ${acknowledged} acknowledged  ${counts.unanswered} unanswered  ${latency}${counts.faultCount > 0 ? `  ${counts.faultCount} WRONG` : ''}\n`;
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
