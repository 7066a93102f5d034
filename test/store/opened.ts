import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  openSqliteStore,
  type Dropped,
  type SqliteStore,
  type StoreSettings,
} from '../../src/store/sqlite/open-sqlite-store.ts';
import { StillClock } from './still-clock.ts';

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-store-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

export interface Opened {
  readonly store: SqliteStore;
  readonly folder: string;
  readonly clock: StillClock;
  readonly logged: string[];
  readonly drops: Dropped[];
  /** Resolves at the next drop. */
  readonly nextDrop: () => Promise<void>;
}

/** A store in a folder of its own, or in this one; closed with the test. */
export async function opened(settings: Partial<StoreSettings> = {}): Promise<Opened> {
  const folder = settings.folder ?? join(temporaryFolder(), 'store');
  const clock = new StillClock();
  const logged: string[] = [];
  const drops: Dropped[] = [];
  let told: () => void = () => undefined;
  const store = await openSqliteStore({
    clock,
    log: (level, event, fields) => void logged.push(`${level} ${event} ${JSON.stringify(fields)}`),
    dropped: (dropped) => {
      drops.push(dropped);
      told();
    },
    ...settings,
    folder,
  });
  onTestFinished(() => store.close());
  const nextDrop = (): Promise<void> => new Promise((resolve) => (told = resolve));
  return { store, folder, clock, logged, drops, nextDrop };
}

/** Lets minutes pass until it is so; what retention does in each of them has then begun. */
export async function passUntil(
  { clock, store }: Pick<Opened, 'clock' | 'store'>,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  while (!(await isSo())) {
    clock.pass(60_000);
    await store.highestSeq('nobody', 'none');
  }
}
