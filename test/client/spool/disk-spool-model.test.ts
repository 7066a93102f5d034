import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'vitest';
import { opened, readings, takeAll, type Opened } from './opened.ts';
import { SpoolModel } from './spool-model.ts';

type Act =
  | { readonly type: 'add'; readonly count: number; readonly newEpoch: boolean }
  | { readonly type: 'take'; readonly max: number }
  /** The readings of one round that were not sent as readings: what a version 1 server answers. */
  | { readonly type: 'release'; readonly index: number }
  /** The oldest of those that were taken: what a version 2 server answers. */
  | { readonly type: 'answer'; readonly count: number }
  | { readonly type: 'through'; readonly index: number }
  | { readonly type: 'rewind' | 'restart' | 'crash' | 'fill-disk' | 'free-disk' };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('add' as const),
      count: fc.integer({ min: 0, max: 7 }),
      newEpoch: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('take' as const), max: fc.integer({ min: 0, max: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('release' as const), index: fc.nat(40) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('answer' as const), count: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('through' as const), index: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('rewind' as const, 'restart' as const, 'crash' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('fill-disk' as const, 'free-disk' as const) }) },
);

const options = fc.record({
  bytesMax: fc.constantFrom(3_000, 12_000, 1_000_000),
  recentMax: fc.constantFrom(2, 8, 1_000),
  unwrittenMax: fc.constantFrom(5, 1_000),
  sync: fc.constantFrom('never' as const, 'round' as const),
});

/** A spool, and a model of it to which the same happens. */
class Pair {
  readonly model = new SpoolModel();
  readonly #options: Parameters<typeof opened>[1];
  #current: Opened;
  #epoch = 0;
  #seq = 0;
  #time = 1_000;
  #isFull = false;

  private constructor(current: Opened, options: Parameters<typeof opened>[1]) {
    this.#current = current;
    this.#options = options;
  }

  static async open(options: Parameters<typeof opened>[1]): Promise<Pair> {
    return new Pair(await opened(undefined, options), options);
  }

  async apply(act: Act): Promise<void> {
    const { model } = this;
    const { spool, folder } = this.#current;
    switch (act.type) {
      case 'add': {
        if (act.newEpoch) this.#renew();
        this.#time += 1_000;
        const round = readings(`e${this.#epoch}`, this.#seq + 1, this.#seq + act.count, this.#time);
        this.#seq += act.count;
        model.add(round, await spool.add(round));
        if (act.count > 0 && !this.#isFull) model.answered = [];
        return;
      }
      case 'take':
        model.take(await takeAll(spool, act.max), act.max);
        return;
      case 'release': {
        const reading = model.held[act.index];
        if (reading === undefined) return;
        spool.release(reading);
        spool.release(reading);
        model.release(reading);
        return;
      }
      case 'answer':
        for (const reading of model.held.filter((reading) => model.taken.has(reading)).slice(0, act.count)) {
          spool.release(reading);
          model.release(reading);
        }
        return;
      case 'through': {
        const reading = model.held[act.index];
        if (reading === undefined) return;
        spool.releaseThrough(reading.epoch, reading.seq);
        for (const each of model.held) if (each.epoch === reading.epoch && each.seq <= reading.seq) model.release(each);
        model.rewind();
        return;
      }
      case 'rewind':
        spool.rewind();
        model.rewind();
        return;
      case 'restart':
        // What is on no disk does not survive; that is what `spool-failed` is for.
        if (this.#isFull) return;
        await spool.close();
        this.#renew();
        this.#current = await opened(folder, this.#options);
        model.answered = [];
        model.rewind();
        return;
      case 'crash':
        if (this.#isFull) return;
        this.#renew();
        this.#current = await opened(folder.copy(), this.#options);
        model.recover(await takeAll(this.#current.spool));
        this.#current.spool.rewind();
        return;
      case 'fill-disk':
        this.#isFull = true;
        folder.bytesFree = 10;
        return;
      case 'free-disk':
        folder.bytesFree = Number.POSITIVE_INFINITY;
        this.#isFull = false;
        // The next round takes all to the disk that is not there yet.
        return this.apply({ type: 'add', count: 1, newEpoch: false });
    }
  }

  check(): void {
    const { spool, folder } = this.#current;
    assert.equal(spool.size, this.model.held.length);
    if (spool.size === 0) assert.ok(!spool.holdsRounds);
    if (new Set(this.model.held.map(({ time }) => time)).size > 1) assert.ok(spool.holdsRounds);
    const bytesMax = this.#options?.bytesMax ?? 0;
    // One round more than allowed, and what is being deleted.
    assert.ok(folder.bytes < 2 * bytesMax + 2_000);
  }

  #renew(): void {
    this.#epoch += 1;
    this.#seq = 0;
  }
}

test(
  'whatever is done to it, and however it ends, a spool does what a plain list would',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60, size: 'max' }), options, async (acts, options) => {
        const pair = await Pair.open(options);
        for (const act of acts) {
          await pair.apply(act);
          pair.check();
        }
      }),
      { numRuns: 400 },
    );
  },
);
