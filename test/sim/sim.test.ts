import { describe, expect, test } from 'vitest';
import { report } from './replay.ts';
import { firstSeed, knownSeeds, worlds } from './seeds.ts';
import { sightings } from './sightings.ts';
import { runWorld, type Outcome } from './world.ts';

/** Worlds of one test, and how long it may take on a machine that is busy with everything else. */
const groupSize = 50;
const groupMsMax = 120_000;
/** Worlds that are run twice. */
const repeated = 12;
/** Worlds of which the record is read. */
const watched = 400;

const groups = Array.from({ length: Math.ceil(worlds / groupSize) }, (_, index) => ({
  from: firstSeed + index * groupSize,
  to: Math.min(firstSeed + worlds, firstSeed + (index + 1) * groupSize) - 1,
}));

async function failuresOf(seeds: readonly number[]): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const seed of seeds) {
    const outcome = await runWorld(seed);
    if (outcome.failure !== undefined) failures.push(report(outcome));
  }
  return failures;
}

describe('a simulated world', () => {
  test('in which something was once wrong keeps every promise', { timeout: groupMsMax }, async () => {
    expect(await failuresOf(knownSeeds.map(({ seed }) => seed))).toEqual([]);
  });

  test.each(groups)('of the seeds $from to $to keeps every promise', { timeout: groupMsMax }, async ({ from, to }) => {
    expect(await failuresOf(Array.from({ length: to - from + 1 }, (_, index) => from + index))).toEqual([]);
  });

  test('happens again, event for event, from its seed', { timeout: groupMsMax }, async () => {
    for (let seed = firstSeed; seed < firstSeed + repeated; seed += 1) {
      const first = await runWorld(seed);
      expect(await runWorld(seed)).toEqual(first);
    }
    const others = new Set([(await runWorld(firstSeed)).digest, (await runWorld(firstSeed + 1)).digest]);
    expect(others.size).toBe(2);
  });

  test('tells its seed, and how to see it again, when it fails', () => {
    const outcome: Outcome = {
      seed: 77,
      failure: 'at 1.000 s: a reading is lost',
      digest: '',
      lines: ['0.000 something'],
      events: 1,
      virtualMs: 1_000,
      settledMs: 0,
      settledMsMax: 0,
    };
    const text = report(outcome);
    expect(text).toContain('seed 77 at 1.000 s: a reading is lost');
    expect(text).toContain('npm run test:sim -- --seed 77 --worlds 1 --trace');
    expect(text).toContain('0.000 something');
  });
});

test('the worlds see every kind of trouble', { timeout: groupMsMax }, async () => {
  const unseen = new Set(sightings);
  for (let seed = firstSeed; seed < firstSeed + watched && unseen.size > 0; seed += 1) {
    await runWorld(seed, (line) => {
      for (const sighting of unseen) if (sighting.pattern.test(line)) unseen.delete(sighting);
    });
  }
  expect([...unseen].map(({ what }) => what)).toEqual([]);
});
