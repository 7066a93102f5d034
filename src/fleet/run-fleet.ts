import { writeFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { CodedError } from '../core/coded-error.ts';
import { reasonOf } from '../core/system-error.ts';
import type { FleetCommand } from './command-line.ts';
import { startFleet, type Fleet } from './fleet.ts';
import { ledgerText, type LedgerLine } from './ledger.ts';
import { progressLine, summaryOf, summaryText } from './summary.ts';
import type { Counts } from './tally.ts';

/** What the fleet is given of the process that it runs in. */
export interface FleetSurface {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Milliseconds of CPU that this process has taken, with all threads. */
  readonly cpuMs: () => number;
  /** Aborted when the user ends it; then it finishes as at the end of its time. */
  readonly signal: AbortSignal;
}

const tellMs = 1_000;

/** Runs a fleet and prints what came of it; resolves with the exit code. Rejects with a CodedError: `server-unknown`, `output-failed`. */
export async function runFleet(
  { options, durationMs, json, ledgerFile }: FleetCommand,
  surface: FleetSurface,
): Promise<0 | 1> {
  const fleet = await startFleet(options);
  await Promise.race([fleet.begun, waited(undefined, surface.signal)]);
  const startedMs = performance.now();
  const startCpuMs = surface.cpuMs();
  const watch = watchFleet(fleet, { tell: !json && surface.stdout.isTTY === true, stdout: surface.stdout, startedMs });
  await Promise.race([waited(durationMs, surface.signal), fleet.died]).finally(() => watch.stop());
  const elapsedMs = performance.now() - startedMs;
  const { counts, ledger } = await fleet.finish();
  const cpuMs = surface.cpuMs() - startCpuMs;
  const summary = summaryOf(counts, { ...options, elapsedMs, cpuMs, busiest: Math.max(watch.busiest, counts.busy) });
  surface.stdout.write(json ? `${JSON.stringify(summary)}\n` : summaryText(summary));
  if (ledgerFile !== undefined) await writeLedger(ledgerFile, ledger);
  if (counts.connections === 0)
    surface.stdout.write(json ? '' : 'no unit could connect: is the server running there?\n');
  return counts.faultCount > 0 || counts.acknowledged === 0 ? 1 : 0;
}

interface Watch {
  readonly busiest: number;
  readonly stop: () => void;
}

function watchFleet(
  fleet: Fleet,
  { tell, stdout, startedMs }: { readonly tell: boolean; readonly stdout: Writable; readonly startedMs: number },
): Watch {
  let former: Counts | undefined;
  let busiest = 0;
  const timer = setInterval(() => {
    const counts = fleet.counts();
    busiest = Math.max(busiest, counts.busy);
    if (tell) stdout.write(progressLine(counts, former, performance.now() - startedMs));
    former = counts;
  }, tellMs);
  return {
    get busiest() {
      return busiest;
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}

function waited(durationMs: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = durationMs === undefined ? undefined : setTimeout(resolve, durationMs);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

async function writeLedger(file: string, lines: readonly LedgerLine[]): Promise<void> {
  try {
    await writeFile(file, ledgerText(lines));
  } catch (cause) {
    throw new CodedError('output-failed', `--ledger ${file}: ${reasonOf(cause)}`, { cause });
  }
}
