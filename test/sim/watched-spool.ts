import type { Dropped, Spool } from '../../src/client/spool/contract.ts';
import type { LabelledReading } from '../../src/core/reading.ts';
import type { ClientLife } from './client-life.ts';
import { contentOf } from './ledger.ts';
import type { Process } from './process.ts';
import { nameOf, type Reckoning } from './reckoning.ts';
import type { Stage } from './stage.ts';

export interface WatchedSpoolOptions {
  readonly stage: Stage;
  readonly process: Process;
  readonly name: string;
  readonly spool: Spool;
  readonly reckoning: Reckoning;
  readonly life: ClientLife;
  /** Nothing may be added any more. */
  readonly isClosed: () => boolean;
  /** Called when a round is in the spool. */
  readonly added: () => void;
}

/** How long a round waits for a disk that does not answer. */
const addMsMax = 10_010;

/** A spool that is held to its word. */
export function watchedSpool({
  stage,
  process,
  name,
  spool,
  reckoning,
  life,
  isClosed,
  added,
}: WatchedSpoolOptions): Spool {
  const check = (condition: boolean, what: () => string): void => {
    stage.check(condition, () => `${name} ${what()}`);
  };
  return {
    get size() {
      return spool.size;
    },
    get holdsRounds() {
      return spool.holdsRounds;
    },
    async add(readings: readonly LabelledReading[]): Promise<readonly Dropped[]> {
      check(!isClosed(), () => 'adds a round to a spool that is closed');
      life.spooled(readings);
      reckoning.adding(readings);
      const sinceMs = process.clock.monotonicMs();
      const dropped = await spool.add(readings);
      const tookMs = process.clock.monotonicMs() - sinceMs;
      check(tookMs <= addMsMax || process.hasStalled, () => `waits ${tookMs} ms for its disk`);
      for (const { count } of dropped) life.dropped(count);
      reckoning.added(dropped);
      added();
      return dropped;
    },
    take(max: number): readonly LabelledReading[] {
      const taken = spool.take(max);
      check(taken.length <= max, () => `takes ${taken.length} readings where there is room for ${max}`);
      for (const reading of taken) {
        const label = nameOf(reading);
        const content = reckoning.content(label);
        check(content === contentOf(reading), () => `${label} was ${content} and is ${contentOf(reading)}`);
      }
      return taken;
    },
    release(reading: LabelledReading): void {
      const label = nameOf(reading);
      check(reckoning.isAnswered(label), () => `${label} is let go of, and nobody has answered for it`);
      reckoning.released(label);
      spool.release(reading);
    },
    releaseThrough(epoch: string, seq: number): void {
      for (let number = 1; number <= seq; number += 1) {
        const label = nameOf({ epoch, seq: number });
        const known = reckoning.content(label) === undefined || reckoning.isAnswered(label);
        check(known, () => `${label} is let go of with ${seq}, and nobody has answered for it`);
        reckoning.released(label);
      }
      spool.releaseThrough(epoch, seq);
    },
    rewind(): void {
      spool.rewind();
    },
    whenReady(listener: () => void): void {
      spool.whenReady(listener);
    },
  };
}
