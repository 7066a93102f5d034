import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../sim/random.ts';
import { campaign } from './campaign.ts';
import { inputBytesMax, mutated } from './mutation.ts';
import { Pool } from './pool.ts';
import { shrunk } from './shrinking.ts';

const order = { seed: 5, casesMax: 200_000, runMsMax: 20_000, growBy: 0 };

describe('a campaign', { timeout: 60_000 }, () => {
  test('finds an input that is taken wrongly, makes it as small as can be, and goes on', async () => {
    const { falls } = await campaign({ ...order, target: 'planted-fault', casesMax: 20_000 });
    expect(falls).toHaveLength(1);
    expect(Buffer.from(falls[0]?.input ?? []).toString()).toBe('ax');
    expect(falls[0]?.words).toContain('planted');
  });

  test('finds an input that hangs, with the input', async () => {
    const { falls } = await campaign({ ...order, target: 'planted-hang' }, 5_000);
    expect(falls.map(({ words }) => words)).toEqual([expect.stringContaining('it hung')]);
    expect(Buffer.from(falls[0]?.input ?? []).toString()).toMatch(/a[^x]*x/);
  });

  test('finds an input that the process dies of, with the input', async () => {
    const { falls } = await campaign({ ...order, target: 'planted-death' });
    expect(falls.map(({ words }) => words)).toEqual([expect.stringContaining('it died (3)')]);
    expect(Buffer.from(falls[0]?.input ?? []).toString()).toMatch(/a[^x]*x/);
  });
});

describe('a pool', () => {
  const target = { generated: fc.string(), words: ['word'], seeds: ['one', 'two'] };

  test('gives what was kept and the seeds as they are, and then the same inputs for the same seed', () => {
    const inputsOf = (seed: number): readonly string[] => {
      const pool = new Pool(target, [Buffer.from('kept')], seed);
      return Array.from({ length: 300 }, () => {
        const input = pool.next();
        pool.tell(input, String(input.length));
        return Buffer.from(input).toString('latin1');
      });
    };
    const inputs = inputsOf(1);
    expect(inputs.slice(0, 4)).toEqual(['kept', 'one', 'two', '']);
    expect(inputsOf(1)).toEqual(inputs);
    expect(inputsOf(2)).not.toEqual(inputs);
  });

  test('goes on with an input that led to something new, and with no other', () => {
    const pool = new Pool(target, [], 1);
    for (let count = 0; count < 3; count += 1) pool.tell(pool.next(), 'known');
    expect(pool.tell(Buffer.from('another'), 'known')).toBe(false);
    expect(pool.tell(Buffer.from('~~new~~'), 'new')).toBe(true);
    const inputs = Array.from({ length: 300 }, () => Buffer.from(pool.next()).toString('latin1'));
    expect(inputs.some((text) => text.includes('~~n'))).toBe(true);
    expect(inputs.some((text) => text.includes('anoth'))).toBe(false);
    expect(pool.outcomes).toBe(2);
  });
});

test('a mutation changes its input, whatever that is, and never beyond its bound', () => {
  const material = { words: [Buffer.from('word')], other: () => Buffer.from('other\nlines') };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer(), (bytes, seed) => {
      const before = bytes.slice();
      const random = new Random(seed);
      const after = Array.from({ length: 40 }, () => mutated(bytes, random, material));
      expect(bytes).toEqual(before);
      expect(after.some((one) => !Buffer.from(one).equals(bytes))).toBe(true);
      expect(Math.max(...after.map(({ length }) => length))).toBeLessThanOrEqual(inputBytesMax);
    }),
    { numRuns: 50 },
  );
});

test('an input is made smaller for as long as it falls', async () => {
  const falls = async (input: Uint8Array): Promise<boolean> => Buffer.from(input).toString().includes('bad');
  expect(Buffer.from(await shrunk(Buffer.from('a long text with bad in it'), falls)).toString()).toBe('bad');
});
