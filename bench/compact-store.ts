import { Child } from './child.ts';
import { exitCostIn, tellExitCost, type ExitCost } from './exit-cost.ts';
import type { Programs } from './programs.ts';

export interface Compacted {
  readonly readings: number;
  readonly bytesPerReading: number;
  /** What it cost to bring the background work to its end, and this program's start with it. */
  readonly cost: ExitCost;
}

/** As long as it may take for the readings of a day. */
const compactMsMax = 180_000;

/** Runs what is left of the background work of a store that no server has open, by `telemetryctl store compact`. */
export async function compactStore(programs: Programs, dataDir: string): Promise<Compacted> {
  const args = [programs.bin('telemetryctl'), 'store', 'compact', '--data-dir', dataDir, '--json'];
  await using program = new Child([...tellExitCost, ...args]);
  const { cost, before } = exitCostIn(await program.end(undefined, compactMsMax));
  const report = JSON.parse(before) as { readonly readings: number; readonly bytes_per_reading: number };
  return { readings: report.readings, bytesPerReading: report.bytes_per_reading, cost };
}
