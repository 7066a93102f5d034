import { expect, test } from 'vitest';
import { keysOf } from '../../../src/app/ctl/top/top-keys.ts';
import { pressed, shownRows, topState, type TopState } from '../../../src/app/ctl/top/top-state.ts';
import { fleetRow, nowMs } from '../../api/fleet-row.ts';

const begin = topState({ sort: 'worst', filter: '' });
const ids = ['a', 'b', 'c', 'd', 'e'];

function after(typed: string, from: TopState = begin): TopState {
  return keysOf(typed).reduce((state, key) => pressed(state, key, { ids, page: 3, lines: 20 }), from);
}

const names = (rows: ReturnType<typeof shownRows>): readonly string[] => rows.map(({ name }) => name);

const fleet = [
  fleetRow({ name: 'a', tags: { site: 'berlin' }, figures: { celsius: 40, ram: 0.9, disk: 0.1, cpu: 0.3 } }),
  fleetRow({ name: 'b', tags: { site: 'paris' }, figures: { celsius: 60, ram: 0.2, disk: 0.2, cpu: 0.1 } }),
  fleetRow({ name: 'c', state: 'lost', figures: { celsius: 99, ram: 0.1, disk: 0.99, cpu: 0.9 } }),
];

test.each([
  ['worst', ['c', 'a', 'b']],
  ['name', ['a', 'b', 'c']],
  ['cpu_temp', ['b', 'a', 'c']],
  ['ram', ['a', 'b', 'c']],
  ['disk', ['b', 'a', 'c']],
  ['cpu', ['a', 'b', 'c']],
] as const)('by %s, what is old comes after what is of now', (sort, order) => {
  expect(names(shownRows(fleet, { sort, filter: '' }, nowMs))).toEqual(order);
});

test('by seen, who was heard last comes first', () => {
  const late = fleetRow({ name: 'late', figures: { takenMs: nowMs - 9_000 } });
  expect(names(shownRows([late, fleetRow({ name: 'new' })], { sort: 'seen', filter: '' }, nowMs))).toEqual([
    'new',
    'late',
  ]);
});

test.each([
  ['BERLIN', ['a']],
  ['site= lost', []],
  ['lost', ['c']],
  ['site=', ['a', 'b']],
  ['  ', ['a', 'b', 'c']],
])('the filter %j leaves those that have all of its words', (filter, left) => {
  expect(names(shownRows(fleet, { sort: 'name', filter }, nowMs))).toEqual(left);
});

test('a key sorts, another one ends', () => {
  expect(after('t').sort).toBe('cpu_temp');
  expect(after('tq')).toMatchObject({ sort: 'cpu_temp', isEnded: true });
  expect(after('\u0003').isEnded).toBe(true);
});

test('the bar moves by lines and pages, and stays on the list', () => {
  expect(after('\u001B[B\u001B[B').chosen).toBe('c');
  expect(after('\u001B[6~').chosen).toBe('d');
  expect(after('\u001B[6~\u001B[6~').chosen).toBe('e');
  expect(after('\u001B[6~\u001B[5~\u001B[A').chosen).toBe('a');
  expect(after('\u001B[F').chosen).toBe('e');
});

test('a unit that is gone from the list leaves the bar at its beginning', () => {
  expect(pressed({ ...begin, chosen: 'gone' }, { type: 'down' }, { ids, page: 3, lines: 20 }).chosen).toBe('b');
});

test('an empty list has nothing to open', () => {
  const state = pressed(begin, { type: 'enter' }, { ids: [], page: 3, lines: 20 });
  expect(state).toEqual(begin);
  expect(pressed(begin, { type: 'down' }, { ids: [], page: 3, lines: 20 }).chosen).toBeUndefined();
});

test('a filter is typed, mended and kept, and Escape takes it away', () => {
  expect(after('/abx\u007Fc')).toMatchObject({ mode: { name: 'typing' }, filter: 'abc' });
  expect(after('/q\r')).toMatchObject({ mode: { name: 'list' }, filter: 'q', isEnded: false });
  expect(after('/q\r\u001B').filter).toBe('');
  expect(after('/q\u001B')).toMatchObject({ mode: { name: 'list' }, filter: '' });
});

test('a filter has an end', () => {
  expect(after(`/${'x'.repeat(200)}`).filter).toHaveLength(64);
});

test('Enter opens the unit under the bar, keys scroll it, Escape goes back to it', () => {
  const open = after('\u001B[B\r');
  expect(open.mode).toEqual({ name: 'unit', clientId: 'b', scroll: 0 });
  expect(after('\u001B[B\u001B[6~', open).mode).toMatchObject({ scroll: 4 });
  expect(after('\u001B[A', open).mode).toMatchObject({ scroll: 0 });
  expect(after('\u001B[6~\u001B[H', open).mode).toMatchObject({ scroll: 0 });
  expect(after('\u001B', open)).toMatchObject({ mode: { name: 'list' }, chosen: 'b', isEnded: false });
  expect(after('q', open)).toMatchObject({ mode: { name: 'list' }, isEnded: false });
});

test('an open unit is scrolled to its end and no further, so that one key goes back from there', () => {
  const open = after('\r');
  const end = { mode: { scroll: 17 } };
  expect(after('\u001B[F', open)).toMatchObject(end);
  expect(after('\u001B[6~'.repeat(9), open)).toMatchObject(end);
  expect(after(`${'\u001B[B'.repeat(99)}\u001B[A`, open)).toMatchObject({ mode: { scroll: 16 } });
  const short = { ids, page: 30, lines: 20 };
  expect(pressed(open, { type: 'down' }, short)).toMatchObject({ mode: { scroll: 0 } });
});
