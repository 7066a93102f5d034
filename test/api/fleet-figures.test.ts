import { expect, test } from 'vitest';
import type { FleetRow } from '../../src/api/contract.ts';
import { compareWorst, figureOf, worstOf } from '../../src/api/fleet-figures.ts';
import { freshMsMax } from '../../src/core/freshness.ts';
import { fleetRow, nowMs } from './fleet-row.ts';

function inOrder(rows: readonly FleetRow[]): readonly FleetRow[] {
  return rows
    .map((row) => Object.assign(worstOf(row, nowMs), { row }))
    .toSorted(compareWorst)
    .map(({ row }) => row);
}

test('a figure has its value and its age', () => {
  expect(figureOf(fleetRow(), 'ram', nowMs)).toEqual({ value: 0.25, ageMs: 1_000, isOld: false });
});

test('each figure is found at its own place', () => {
  const row = fleetRow({ figures: { celsius: 61, ram: 0.2, disk: 0.3, cpu: 0.4 } });
  const values = (['cpu_temp', 'ram', 'disk', 'cpu'] as const).map((name) => figureOf(row, name, nowMs)?.value);
  expect(values).toEqual([61, 0.2, 0.3, 0.4]);
});

test('what was never measured is no figure', () => {
  expect(figureOf(fleetRow({ figures: { celsius: null } }), 'cpu_temp', nowMs)).toBeUndefined();
});

test('a value is one of now for two and a half intervals', () => {
  const row = fleetRow({ figures: { takenMs: nowMs - 25_000 } });
  expect(figureOf(row, 'ram', nowMs)?.isOld).toBe(false);
  expect(figureOf(row, 'ram', nowMs + 1)?.isOld).toBe(true);
});

test('a short interval leaves ten seconds all the same', () => {
  const interval = { confirmed: 1, wanted: 1, rev: 1, state: 'confirmed', tries: 0 } as const;
  expect(freshMsMax({ interval })).toBe(10_000);
});

test('while another interval is wanted, the longer one counts', () => {
  const interval = { confirmed: 1, wanted: 60, rev: 2, state: 'sending', tries: 1 } as const;
  expect(freshMsMax({ interval })).toBe(150_000);
});

test("an age is by the server's clock, however wrong the unit's is", () => {
  const row = fleetRow({ clock_offset_ms: 3_600_000, figures: { takenMs: nowMs + 3_600_000 - 5_000 } });
  expect(figureOf(row, 'cpu', nowMs)).toEqual({ value: 0.1, ageMs: 5_000, isOld: false });
});

test.each(['late', 'lost', 'disconnected'] as const)(
  'a value of a unit that is %s is old, however new it is',
  (state) => {
    expect(figureOf(fleetRow({ state }), 'ram', nowMs)?.isOld).toBe(true);
  },
);

test('the worst is what is lost, then what is late, then what is hottest or fullest; who left is last', () => {
  const rows = [
    fleetRow({ name: 'left', state: 'disconnected', figures: { disk: 1 } }),
    fleetRow({ name: 'well' }),
    fleetRow({ name: 'busy', figures: { cpu: 0.9 } }),
    fleetRow({ name: 'full', figures: { disk: 0.96 } }),
    fleetRow({ name: 'hot', figures: { celsius: 95 } }),
    fleetRow({ name: 'late', state: 'late' }),
    fleetRow({ name: 'lost', state: 'lost', figures: { celsius: null, ram: null, disk: null, cpu: null } }),
  ];
  const worstFirst = inOrder(rows).map(({ name }) => name);
  expect(worstFirst).toEqual(['lost', 'late', 'hot', 'full', 'busy', 'well', 'left']);
});

test('a thermometer gone mad does not outrank a unit that is late', () => {
  const [mad, late] = [fleetRow({ figures: { celsius: 100_000 } }), fleetRow({ state: 'late' })];
  expect(inOrder([mad, late])).toEqual([late, mad]);
});
