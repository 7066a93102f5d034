import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, cpuUsage } from 'node:process';
import type { UnitReading } from '../../../src/core/reading.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-sqlite-store.ts';
import { systemClock } from '../../../src/transport/system-clock.ts';

/**
 * What a reading costs in the store on disk, by the size of its batch: CPU of all threads, and bytes written as the system counts them (Linux). Run by hand:
 * `node test/store/sqlite/cost.ts [FOLDER]`; the folder says which disk.
 */
const unitCount = 1_000;
const shapes: readonly { readonly sensor: string; readonly id?: string; readonly values: Record<string, number> }[] = [
  { sensor: 'cpu_temp', id: 'coretemp/Package id 0', values: { celsius: 54.5 } },
  { sensor: 'disk', id: '/', values: { used: 51_234_567_890, total: 250_059_350_016 } },
  { sensor: 'ram', values: { used: 6_123_456_789, available: 10_056_789_012, total: 16_180_246_801 } },
  { sensor: 'cpu', values: { utilisation: 0.5, load1: 1, load5: 2, load15: 3 } },
];
const units = Array.from({ length: unitCount }, (_, index) => ({
  clientId: `u${index}`.padEnd(22, 'x'),
  unit: `bench-${index}`,
  epoch: (0x1000_0000 + index).toString(16),
}));

const folder = mkdtempSync(join(argv[2] ?? tmpdir(), 'telemetry-cost-'));
const store = await openSqliteStore({ folder, clock: systemClock, log: () => undefined, dropped: () => undefined });
let given = 0;
for (const size of [1, 10, 50, 500, 5_000]) {
  const batches = Math.min(2_000, Math.ceil(200_000 / size));
  await measure(size, Math.ceil(batches / 5));
  const { cpuMicroseconds, writtenBytes } = await measure(size, batches);
  console.log(
    `${size} a commit: ${cpuMicroseconds.toFixed(2)} µs of CPU, ${writtenBytes.toFixed(0)} bytes written a reading`,
  );
}
await store.close();
rmSync(folder, { recursive: true });

async function measure(size: number, batches: number): Promise<{ cpuMicroseconds: number; writtenBytes: number }> {
  // Making the readings is not the store's work.
  const made = Array.from({ length: batches }, () => Array.from({ length: size }, nextReading));
  const writtenBefore = bytesWritten();
  const before = cpuUsage();
  for (const readings of made) await store.append({ readings, units: [] });
  const { user, system } = cpuUsage(before);
  const count = size * batches;
  return { cpuMicroseconds: (user + system) / count, writtenBytes: (bytesWritten() - writtenBefore) / count };
}

/** The units take turns, as in a closed loop. */
function nextReading(): UnitReading {
  const seq = Math.floor(given / unitCount) + 1;
  const { clientId, unit, epoch } = units[given % unitCount] ?? { clientId: '', unit: '', epoch: '' };
  const { values, ...shape } = shapes[(given + seq) % shapes.length] ?? { sensor: 'none', values: {} };
  given += 1;
  return { clientId, unit, reading: { seq, epoch, time: 1_795_255_200_000 + seq, ...shape, values: { ...values } } };
}

function bytesWritten(): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}
