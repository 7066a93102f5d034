import assert from 'node:assert/strict';
import type { Dropped } from '../../../src/client/spool/contract.ts';
import type { LabelledReading } from '../../../src/core/reading.ts';

/** What a spool promises, in the plainest words. */
export class SpoolModel {
  /** In the order in which they were added. */
  held: LabelledReading[] = [];
  readonly taken = new Set<LabelledReading>();
  /** Answered since the last write: after a crash they may be back. */
  answered: LabelledReading[] = [];

  add(readings: readonly LabelledReading[], dropped: readonly Dropped[]): void {
    this.held.push(...readings);
    for (const { count, fromMs, toMs, reason } of dropped) {
      assert.equal(reason, 'spool full');
      const gone = this.held.filter(({ time }) => time >= fromMs && time <= toMs).slice(0, count);
      assert.equal(gone.length, count);
      this.held = this.held.filter((reading) => !gone.includes(reading));
    }
  }

  /** What was taken is held, and was not taken before; within an epoch it comes in order; if there is less than `max`, it is all. */
  take(readings: readonly LabelledReading[], max: number): void {
    const left = this.held.filter((reading) => !this.taken.has(reading));
    const found = readings.map((reading) =>
      left.find(({ epoch, seq }) => epoch === reading.epoch && seq === reading.seq),
    );
    assert.deepEqual(readings, found);
    assert.equal(readings.length, Math.min(max, left.length));
    for (const reading of found) {
      if (reading === undefined) throw new Error('it was compared above');
      assert.equal(
        left.find(({ epoch }) => epoch === reading.epoch),
        reading,
      );
      left.splice(left.indexOf(reading), 1);
      this.taken.add(reading);
    }
  }

  release(reading: LabelledReading): void {
    this.held = this.held.filter((other) => other !== reading);
    this.answered.push(reading);
  }

  rewind(): void {
    this.taken.clear();
  }

  /** After a crash: `readings` is all that there is now. Nothing that was not answered is missing; what was may be back. */
  recover(readings: readonly LabelledReading[]): void {
    const possible = [...this.held, ...this.answered];
    const found = readings.map((reading) =>
      possible.find(({ epoch, seq }) => epoch === reading.epoch && seq === reading.seq),
    );
    assert.deepEqual(readings, found);
    for (const reading of this.held) assert.ok(found.includes(reading));
    this.held = found.filter((reading) => reading !== undefined);
    this.answered = [];
    this.taken.clear();
  }
}
