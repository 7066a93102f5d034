import { describe, expect, it } from 'vitest';
import { intervalWords } from '../../../web/src/interval/interval-words.ts';
import { progressOf } from '../../../web/src/interval/interval-progress.ts';
import { secondsOf } from '../../../web/src/interval/seconds.ts';
import { changedTags, tagOf, tagsInUse } from '../../../web/src/interval/tag-changes.ts';
import { fleetRow } from '../fleet-row.ts';

describe('the interval of a unit in words', () => {
  const words = (interval: Parameters<typeof fleetRow>[0] & object): string =>
    intervalWords(fleetRow(interval).interval);

  it('is the confirmed one, the way to the wanted one, or the assumed one', () => {
    expect(words({ interval: { confirmed: 10, wanted: 10 } })).toBe('10 s');
    expect(words({ interval: { confirmed: 10, wanted: 5, state: 'sending', tries: 2 } })).toBe(
      '10 s → 5 s sending, try 2',
    );
    expect(words({ interval: { confirmed: 10, wanted: 5, state: 'sending', tries: 0 } })).toBe(
      '10 s → 5 s not sent yet',
    );
    expect(words({ interval: { confirmed: 10, wanted: 5, state: 'assumed' } })).toBe('5 s assumed');
  });
});

describe('the seconds that somebody typed', () => {
  it('are a multiple of 0.001 from 0.1 to 86,400', () => {
    expect(['0.1', '86400', ' 5 ', '0.125', '2,5'].map(secondsOf)).toEqual([0.1, 86_400, 5, 0.125, 2.5]);
  });

  it('are refused with words otherwise', () => {
    const faults = ['', 'x', '0.09', '86400.1', '-5', '0.1234', 'Infinity'].map(secondsOf);
    expect(faults).toEqual(faults.map(() => ({ fault: expect.stringMatching(/./) })));
  });
});

describe('the progress of a wish for another interval', () => {
  const { interval } = fleetRow({ interval: { wanted: 5, rev: 2, state: 'sending', tries: 1 } });
  const accepted = [{ client_id: 'a', name: 'a', interval }];

  it('follows the live row', () => {
    const confirmed = fleetRow({ name: 'a', interval: { confirmed: 5, wanted: 5, rev: 2, state: 'confirmed' } });
    expect(progressOf(accepted, new Map([['a', confirmed]]))).toMatchObject({ confirmed: 1, waiting: [] });
  });

  it('does not take a row from before the wish for its confirmation', () => {
    const before = fleetRow({ name: 'a', interval: { rev: 1, state: 'confirmed' } });
    expect(progressOf(accepted, new Map([['a', before]]))).toMatchObject({ confirmed: 0, waiting: [{ name: 'a' }] });
    expect(progressOf(accepted, new Map())).toMatchObject({ confirmed: 0, waiting: [{ name: 'a' }] });
  });
});

describe('tags', () => {
  it('are typed as name=value, and the value may hold an equals sign', () => {
    expect(tagOf('site=berlin')).toEqual({ name: 'site', value: 'berlin' });
    expect(tagOf(' query = a=b ')).toEqual({ name: 'query', value: 'a=b' });
    expect([tagOf('site'), tagOf('=x'), tagOf('site=')].every((tag) => 'fault' in tag)).toBe(true);
  });

  it('are set beside those that a unit has, and taken away by name', () => {
    expect(changedTags({ site: 'oslo', role: 'db' }, { set: { site: 'berlin' }, remove: [] })).toEqual({
      site: 'berlin',
      role: 'db',
    });
    expect(changedTags({ site: 'oslo', role: 'db' }, { set: {}, remove: ['role'] })).toEqual({ site: 'oslo' });
  });

  it('are taken away only from units where they have the value in question', () => {
    const changes = { set: {}, remove: ['site'], only: 'oslo' };
    expect(changedTags({ site: 'oslo' }, changes)).toEqual({});
    expect(changedTags({ site: 'berlin' }, changes)).toBeUndefined();
  });

  it('change nothing where a unit has them already', () => {
    expect(changedTags({ site: 'oslo' }, { set: { site: 'oslo' }, remove: ['role'] })).toBeUndefined();
  });

  it('are counted over the units that were chosen', () => {
    const rows = [{ tags: { site: 'oslo' } }, { tags: { site: 'oslo', role: 'db' } }, { tags: {} }];
    expect(tagsInUse(rows)).toEqual([
      { name: 'role', value: 'db', count: 1 },
      { name: 'site', value: 'oslo', count: 2 },
    ]);
  });
});
