import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrollTo, windowOf } from '../../../web/src/fleet/window.ts';

describe('the lines of a long list that are in the page', () => {
  it('are those that are seen, and a margin on both sides', () => {
    expect(windowOf({ count: 5_000, lineHeight: 36, top: 3_600, height: 720, margin: 6 })).toEqual({
      from: 94,
      to: 126,
    });
  });

  it('begin with the first, and end with the last', () => {
    expect(windowOf({ count: 10, lineHeight: 36, top: 0, height: 720, margin: 6 })).toEqual({ from: 0, to: 10 });
    expect(windowOf({ count: 0, lineHeight: 36, top: 0, height: 720, margin: 6 })).toEqual({ from: 0, to: 0 });
  });

  it('are the last ones where the list became shorter than it is scrolled', () => {
    const { from, to } = windowOf({ count: 40, lineHeight: 36, top: 90_000, height: 720, margin: 6 });
    expect(to).toBe(40);
    expect(from).toBeLessThanOrEqual(20);
  });

  it('hold all that is seen, and never more than that and the margins', () => {
    fc.assert(
      fc.property(
        fc.nat(5_000),
        fc.integer({ min: 20, max: 80 }),
        fc.nat(400_000),
        fc.nat(3_000),
        fc.nat(10),
        (count, lineHeight, top, height, margin) => {
          const { from, to } = windowOf({ count, lineHeight, top, height, margin });
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(count);
          expect(to - from).toBeLessThanOrEqual(Math.ceil(height / lineHeight) + 1 + 2 * margin);
          const topMost = Math.max(0, Math.min(top, count * lineHeight - height));
          for (const y of [topMost, topMost + height - 1]) {
            const line = Math.floor(y / lineHeight);
            if (height === 0 || line >= count) continue;
            expect(line).toBeGreaterThanOrEqual(from);
            expect(line).toBeLessThan(to);
          }
        },
      ),
    );
  });
});

describe('scrolling to a line', () => {
  const view = { lineHeight: 36, top: 360, height: 396, covered: 36 };

  it('leaves the list as it is where the line is seen', () => {
    expect(scrollTo(12, view)).toBe(360);
  });

  it('brings a line above to the top, and one below to the bottom, clear of the heading', () => {
    expect(scrollTo(3, view)).toBe(108);
    expect(scrollTo(20, view)).toBe(21 * 36 - 360);
  });
});
