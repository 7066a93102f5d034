import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelOf, urgencyOf } from '../../../src/api/levels.ts';
import { wallGap, wallLayout } from '../../../web/src/wall/wall-layout.ts';
import { isFine, ranked } from '../../../web/src/wall/wall-rank.ts';
import { fleetRow, nowMs } from '../fleet-row.ts';

describe('the order of the wall', () => {
  const order = (...rows: readonly ReturnType<typeof fleetRow>[]): readonly string[] =>
    ranked(rows, nowMs).map(({ row }) => row.name);

  it('is lost, late, online, and last what has said goodbye', () => {
    expect(
      order(
        fleetRow({ name: 'gone', state: 'disconnected' }),
        fleetRow({ name: 'well' }),
        fleetRow({ name: 'late', state: 'late' }),
        fleetRow({ name: 'lost', state: 'lost' }),
      ),
    ).toEqual(['lost', 'late', 'well', 'gone']);
  });

  it('has the hottest or fullest first among those online', () => {
    expect(
      order(
        fleetRow({ name: 'well' }),
        fleetRow({ name: 'hot', temp: 84 }),
        fleetRow({ name: 'full', disk: 0.99 }),
        fleetRow({ name: 'busy', cpu: 0.86 }),
      ),
    ).toEqual(['full', 'hot', 'busy', 'well']);
  });

  it('does not go by values that are old', () => {
    const [first] = ranked([fleetRow({ temp: 99, ageMs: 60_000 })], nowMs);
    expect(first).toMatchObject({ worst: undefined, urgency: 0 });
  });

  it('is by name where units are alike, and does not change with a tenth of a degree', () => {
    expect(order(fleetRow({ name: 'b', temp: 60.1 }), fleetRow({ name: 'a', temp: 60 }))).toEqual(['a', 'b']);
  });

  it('says which value is the worst', () => {
    expect(ranked([fleetRow({ temp: 50, ram: 0.9, disk: 0.86 })], nowMs)[0]?.worst).toBe('ram');
  });

  it('calls fine what is online and below every threshold, and what has left', () => {
    const fine = (row: ReturnType<typeof fleetRow>): boolean => ranked([row], nowMs).every(isFine);
    expect([fine(fleetRow()), fine(fleetRow({ state: 'disconnected' }))]).toEqual([true, true]);
    expect([
      fine(fleetRow({ temp: 80 })),
      fine(fleetRow({ state: 'late' })),
      fine(fleetRow({ state: 'lost' })),
    ]).toEqual([false, false, false]);
  });
});

describe('the urgency of a value', () => {
  it('is 1 where it begins to be high and 2 where it is critical, and agrees with the level', () => {
    expect([urgencyOf('cpu_temp', 80), urgencyOf('cpu_temp', 90), urgencyOf('cpu_temp', 0)]).toEqual([1, 2, 0]);
    fc.assert(
      fc.property(
        fc.constantFrom('cpu_temp', 'ram', 'disk', 'cpu'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (kind, share) => {
          const value = kind === 'cpu_temp' ? share * 120 : share;
          const urgency = urgencyOf(kind, value);
          expect(levelOf(kind, value) === 'fine').toBe(urgency < 1);
        },
      ),
    );
  });
});

describe('the cards of the wall', () => {
  const screens = [
    { width: 328, height: 500 },
    { width: 1_888, height: 940 },
    { width: 3_808, height: 1_960 },
  ];

  it('fit into the screen, all of them where they can', () => {
    fc.assert(
      fc.property(fc.constantFrom(...screens), fc.nat(5_000), (screen, count) => {
        const { columns, rows, width, height } = wallLayout({ ...screen, count });
        expect(columns * width + (columns - 1) * wallGap).toBeLessThanOrEqual(screen.width + 1e-6);
        expect(rows * height + (rows - 1) * wallGap).toBeLessThanOrEqual(screen.height + 1e-6);
      }),
    );
  });

  it('are two side by side on a phone, and six on large screens with many units', () => {
    expect(screens.map((screen) => wallLayout({ ...screen, count: 5_000 }).columns)).toEqual([2, 6, 6]);
  });

  it('are larger where there are few', () => {
    const [, screen = { width: 0, height: 0 }] = screens;
    expect(wallLayout({ ...screen, count: 1 }).columns).toBe(1);
    const few = wallLayout({ ...screen, count: 4 });
    expect(few.width).toBeGreaterThan(wallLayout({ ...screen, count: 40 }).width);
    expect(few.columns * few.rows).toBeGreaterThanOrEqual(4);
  });
});
