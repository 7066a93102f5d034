import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { campaign } from './campaign.ts';
import { writeFound } from './inputs.ts';
import { targets } from './targets.ts';

/** The same for all properties under CI; drawn anew elsewhere. */
const seed = fc.readConfigureGlobal().seed ?? Math.floor(Math.random() * 1e9);
/** On a machine that has nothing left for it, fewer cases are looked at: the kept ones always. */
const runMsMax = 2_000;

describe('whatever it is given', { timeout: 60_000 }, () => {
  test.each(targets)('$name does what it must', async ({ name, casesInTests }) => {
    const { cases, falls } = await campaign({ target: name, seed, casesMax: casesInTests, runMsMax, growBy: 0 });
    const said = falls.map(({ input, words }) => `${writeFound(name, input)}, seed ${seed}: ${words}`);
    expect(said).toEqual([]);
    expect(cases).toBeGreaterThan(0);
  });
});
