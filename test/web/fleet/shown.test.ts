import { describe, expect, it } from 'vitest';
import { sortAfterClick, sortOf, textOfSort } from '../../../web/src/fleet/columns.ts';
import { NameOrder } from '../../../web/src/fleet/name-order.ts';
import { shownOf, type Wish } from '../../../web/src/fleet/shown.ts';
import { fleetRow, nowMs } from '../fleet-row.ts';

const byName = [
  fleetRow({ name: 'a', temp: 50, tags: { site: 'oslo' }, clock_offset_ms: -9_000, backlog: 3 }),
  fleetRow({ name: 'b', temp: 90, state: 'lost', tags: { site: 'berlin' }, ageMs: 600_000 }),
  fleetRow({ name: 'c', temp: null, tags: { site: 'oslo' }, interval: { wanted: 60 } }),
  fleetRow({ name: 'd', temp: 70, state: 'late', clock_offset_ms: 3_000 }),
  fleetRow({ name: 'e', temp: 60, clock_offset_ms: null }),
];
const shown = (wish: Partial<Wish> = {}): readonly string[] =>
  shownOf(byName, { filter: '', sort: sortOf(''), group: undefined, ...wish }, nowMs).ids;

describe('the order of the fleet', () => {
  it('is by name unless the address asks for another', () => {
    expect(shown()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(shown({ sort: sortOf('-name') })).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(shown({ sort: sortOf('no-such-column') })).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('has old values after those that count, and unknown ones last, whichever way it goes', () => {
    expect(shown({ sort: sortOf('-cpu_temp') })).toEqual(['e', 'a', 'b', 'd', 'c']);
    expect(shown({ sort: sortOf('cpu_temp') })).toEqual(['a', 'e', 'd', 'b', 'c']);
  });

  it('has the worst state first', () => {
    expect(shown({ sort: sortOf('state') })).toEqual(['b', 'd', 'a', 'c', 'e']);
  });

  it('goes by how far a clock is off, in either direction', () => {
    expect(shown({ sort: sortOf('-clock') })).toEqual(['a', 'd', 'b', 'c', 'e']);
  });

  it('goes by the wanted interval, the backlog and when a unit was last seen', () => {
    expect(shown({ sort: sortOf('-interval') })[0]).toBe('c');
    expect(shown({ sort: sortOf('-backlog') })[0]).toBe('a');
    expect(shown({ sort: sortOf('seen') })[0]).toBe('b');
  });

  it('stands in the address, and is turned around by a second click', () => {
    expect(textOfSort(sortOf('-ram'))).toBe('-ram');
    expect(textOfSort(sortOf('name'))).toBeUndefined();
    expect(sortAfterClick(sortOf(''), 'ram')).toEqual({ key: 'ram', falls: true });
    expect(sortAfterClick(sortOf('-ram'), 'ram')).toEqual({ key: 'ram', falls: false });
    expect(sortAfterClick(sortOf('-ram'), 'state')).toEqual({ key: 'state', falls: false });
  });
});

describe('what is shown of the fleet', () => {
  it('counts states without the filter for the state', () => {
    const wish = { filter: 'site=oslo state:lost', sort: sortOf(''), group: undefined };
    expect(shownOf(byName, wish, nowMs)).toMatchObject({
      ids: [],
      counts: { online: 2, late: 0, lost: 0, disconnected: 0 },
    });
  });

  it('filters by state', () => {
    expect(shown({ filter: 'state:lost' })).toEqual(['b']);
  });

  it('groups by the value of a tag, with the units without it last, and sorts within', () => {
    const { lines } = shownOf(byName, { filter: '', sort: sortOf('-name'), group: 'site' }, nowMs);
    expect(lines).toEqual([
      { type: 'group', value: 'berlin', count: 1, away: 1 },
      { type: 'unit', clientId: 'b' },
      { type: 'group', value: 'oslo', count: 2, away: 0 },
      { type: 'unit', clientId: 'c' },
      { type: 'unit', clientId: 'a' },
      { type: 'group', value: undefined, count: 2, away: 1 },
      { type: 'unit', clientId: 'e' },
      { type: 'unit', clientId: 'd' },
    ]);
  });
});

describe('the order by name', () => {
  const idsOf = (order: NameOrder, names: readonly string[]): readonly string[] =>
    order.rows(new Map(names.map((name) => [name, fleetRow({ name })]))).map(({ name }) => name);

  it('reads numbers in names as numbers', () => {
    expect(idsOf(new NameOrder(), ['rack-10', 'rack-9', 'Rack-8'])).toEqual(['Rack-8', 'rack-9', 'rack-10']);
  });

  it('takes in units that come, lets go of those that went, and sees new names', () => {
    const order = new NameOrder();
    idsOf(order, ['b', 'd']);
    expect(idsOf(order, ['d', 'c', 'a'])).toEqual(['a', 'c', 'd']);
    const renamed = new Map([
      ['a', fleetRow({ name: 'z', client_id: 'a' })],
      ['c', fleetRow({ name: 'c' })],
    ]);
    expect(order.rows(renamed).map(({ name }) => name)).toEqual(['c', 'z']);
  });
});
