import { setImmediate } from 'node:timers/promises';
import { DiskSpool, type DiskSpoolOptions } from '../../../src/client/spool/disk-spool.ts';
import type { Spool } from '../../../src/client/spool/contract.ts';
import { recoverSpool } from '../../../src/client/spool/recover.ts';
import type { Fields, Level } from '../../../src/core/log.ts';
import type { LabelledReading } from '../../../src/core/reading.ts';
import { createManualClock } from '../../manual-clock.ts';
import { FolderInMemory } from './folder-in-memory.ts';

export interface Logged {
  readonly level: Level;
  readonly event: string;
  readonly fields: Fields;
}

export interface Opened {
  readonly spool: DiskSpool;
  readonly folder: FolderInMemory;
  readonly clock: ReturnType<typeof createManualClock>;
  readonly logged: readonly Logged[];
  /** Names of the events that were logged. */
  readonly events: () => readonly string[];
}

let salt = 0x1000_0000;

/** A spool on a folder in memory, with what is in it. */
export async function opened(
  folder = new FolderInMemory(),
  options: Partial<Pick<DiskSpoolOptions, 'bytesMax' | 'sync' | 'recentMax' | 'unwrittenMax' | 'owner'>> = {},
): Promise<Opened> {
  const clock = createManualClock();
  const logged: Logged[] = [];
  const recovered = await recoverSpool(folder, 'spool', options.owner ?? '0a0b0c0d');
  const spool = new DiskSpool({
    folder,
    recovered,
    owner: '0a0b0c0d',
    drawSalt: () => (salt += 0x101).toString(16),
    clock,
    log: (level, event, fields = {}) => void logged.push({ level, event, fields }),
    bytesMax: 2 ** 20,
    sync: 'never',
    ...options,
  });
  return { spool, folder, clock, logged, events: () => logged.map(({ event }) => event) };
}

/** At most `max` readings, those that have to be fetched too. */
export async function takeAll(spool: Spool, max = Number.POSITIVE_INFINITY): Promise<LabelledReading[]> {
  const taken: LabelledReading[] = [];
  let isReady = true;
  spool.whenReady(() => {
    isReady = true;
  });
  while (isReady && taken.length < max) {
    isReady = false;
    taken.push(...spool.take(max - taken.length));
    // A folder in memory has answered by then.
    await setImmediate();
  }
  return taken;
}

/** The next `count` readings, however long they take. */
export async function takeCount(spool: Spool, count: number): Promise<LabelledReading[]> {
  const taken: LabelledReading[] = [];
  let call: () => void = () => undefined;
  spool.whenReady(() => {
    call();
  });
  while (taken.length < count) {
    const ready = new Promise<void>((resolve) => {
      call = resolve;
    });
    const more = spool.take(count - taken.length);
    taken.push(...more);
    if (taken.length < count && more.length === 0) await ready;
  }
  return taken;
}

/** Readings `from` to `to` of one round. */
export function readings(epoch: string, from: number, to: number, time = from): LabelledReading[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    epoch,
    seq: from + index,
    time,
    sensor: 'test',
    id: `é ${from + index}`,
    source: undefined,
    values: { value: (from + index) / 8 },
  }));
}

export const labels = (taken: readonly LabelledReading[]): string[] => taken.map(({ epoch, seq }) => `${epoch}${seq}`);
