import { expect, it } from 'vitest';
import { lookOf, palettes, faint } from '../../../web/src/unit/palette.ts';
import { contrast, distance, seenBy, type Eyes } from './colour-sight.ts';

/** `--surface` of the page's looks, on which the charts stand. */
const grounds = { light: '#ffffff', dark: '#181d1f' } as const;
const eyes: readonly Eyes[] = ['trichromat', 'protanope', 'deuteranope', 'tritanope'];

for (const theme of ['light', 'dark'] as const) {
  it(`each colour has a contrast of 3:1 to its ground when it is ${theme}`, () => {
    for (const colour of palettes[theme]) expect(contrast(colour, grounds[theme]), colour).toBeGreaterThanOrEqual(3);
  });

  it(`no two colours look alike to anybody when it is ${theme}`, () => {
    for (const who of eyes) {
      const seen = palettes[theme].map((colour) => seenBy(who, colour));
      for (const [index, one] of seen.entries())
        for (const other of seen.slice(index + 1))
          expect(distance(one, other), `${who}: ${String(one)} and ${String(other)}`).toBeGreaterThan(20);
    }
  });
}

it('the ninth line has the colour of the first, dashed', () => {
  expect(lookOf(8, false)).toEqual({ ...lookOf(0, false), dash: [6, 4] });
  expect(lookOf(0, true).dash).toEqual([]);
  expect(new Set(Array.from({ length: 16 }, (_, index) => JSON.stringify(lookOf(index, true)))).size).toBe(16);
});

it('a faint colour has its opacity as two more digits', () => {
  expect(faint('#2443d4', 0.2)).toBe('#2443d433');
  expect(faint('#2443d4', 0)).toBe('#2443d400');
});
