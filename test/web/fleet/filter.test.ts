import { describe, expect, it } from 'vitest';
import { filterOf, stateIn, tagWord, withState } from '../../../web/src/fleet/filter.ts';
import { fleetRow } from '../fleet-row.ts';

const row = fleetRow({
  client_id: 'Yw1l0Ck3',
  name: 'Bench-03',
  ip: '192.0.2.7',
  state: 'lost',
  tags: { site: 'Berlin', room: 'first floor' },
});
const matches = (text: string): boolean => filterOf(text)(row);

describe('the filter of the fleet', () => {
  it('finds a part of name, address and id, whatever the case', () => {
    expect(['bench', 'CH-03', '0.2.7', 'yw1l'].map(matches)).toEqual([true, true, true, true]);
    expect(matches('rack')).toBe(false);
  });

  it('finds a tag by its whole value, and any value of it by none', () => {
    expect(matches('site=berlin')).toBe(true);
    expect(matches('site=ber')).toBe(false);
    expect(matches('site=')).toBe(true);
    expect(matches('rack=')).toBe(false);
  });

  it('finds a state', () => {
    expect(matches('state:lost')).toBe(true);
    expect(matches('state:late')).toBe(false);
  });

  it('asks for all words at once', () => {
    expect(matches('bench site=berlin state:lost')).toBe(true);
    expect(matches('bench site=oslo')).toBe(false);
  });

  it('takes blanks within double quotes for a part of the word', () => {
    expect(matches('"room=first floor"')).toBe(true);
    expect(matches('room="first floor"')).toBe(true);
    expect(matches(tagWord('room', 'first floor'))).toBe(true);
    expect(matches('room=first')).toBe(false);
  });

  it('lets everything through where it says nothing', () => {
    expect(['', '  ', '"', '""'].map(matches)).toEqual([true, true, true, true]);
  });

  it('has one state at a time, which is put in the place of another', () => {
    expect(withState('bench state:late', 'lost')).toBe('bench state:lost');
    expect(withState('"room=first floor" state:lost', undefined)).toBe('"room=first floor"');
    expect(stateIn('bench STATE:late')).toBe('late');
    expect(stateIn('bench')).toBeUndefined();
  });
});
