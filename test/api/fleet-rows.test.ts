import { expect, test } from 'vitest';
import { FleetRows } from '../../src/api/fleet-rows.ts';
import { fleetRow, valuesOf } from './fleet-row.ts';

const nothing = { rows: [], values: [], gone: [] };

test('a snapshot takes the place of all that was there', () => {
  const fleet = new FleetRows();
  fleet.take({ units: [fleetRow({ client_id: 'a' }), fleetRow({ client_id: 'b' })] });
  fleet.take({ units: [fleetRow({ client_id: 'c' })] });
  expect([...fleet.rows.keys()]).toEqual(['c']);
});

test('new values make a new row, and leave the others as they are', () => {
  const fleet = new FleetRows();
  fleet.take({ units: [fleetRow({ client_id: 'a' }), fleetRow({ client_id: 'b' })] });
  const [a, b] = [fleet.rows.get('a'), fleet.rows.get('b')];
  expect(fleet.change({ ...nothing, values: [valuesOf('a', { celsius: 80 })] })).toBe(true);
  expect(fleet.rows.get('a')).not.toBe(a);
  expect(fleet.rows.get('a')).toEqual({ ...a, values: valuesOf('a', { celsius: 80 }) });
  expect(fleet.rows.get('b')).toBe(b);
});

test('rows are replaced, units that are gone are taken out', () => {
  const fleet = new FleetRows();
  fleet.take({ units: [fleetRow({ client_id: 'a' }), fleetRow({ client_id: 'b' })] });
  expect(fleet.change({ ...nothing, rows: [fleetRow({ client_id: 'a', state: 'lost' })], gone: ['b'] })).toBe(true);
  expect([...fleet.rows.values()].map(({ client_id: id, state }) => [id, state])).toEqual([['a', 'lost']]);
});

test('values of a unit that nobody has heard of are no unit', () => {
  const fleet = new FleetRows();
  fleet.change({ ...nothing, values: [valuesOf('a')] });
  expect(fleet.rows.size).toBe(0);
});

test('a change of nothing is none', () => {
  expect(new FleetRows().change(nothing)).toBe(false);
});
