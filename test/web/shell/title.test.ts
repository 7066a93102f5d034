import { describe, expect, it } from 'vitest';
import { clockWords } from '../../../web/src/format/times.ts';
import { titleOf } from '../../../web/src/shell/title.ts';
import { fleetRow } from '../fleet-row.ts';

describe('the title of the tab', () => {
  const views = [{ path: '', menu: 'Fleet' }, { path: 'wall', menu: 'Wall' }, { path: 'units' }];
  const rows = new Map([['a', fleetRow({ name: 'bench-1', client_id: 'a' })]]);

  it('names the view or the unit', () => {
    expect(titleOf([], views, rows)).toBe('Fleet · telemetry-hub');
    expect(titleOf(['wall'], views, rows)).toBe('Wall · telemetry-hub');
    expect(titleOf(['units', 'a'], views, rows)).toBe('bench-1 · telemetry-hub');
    expect(titleOf(['units', 'unknown'], views, rows)).toBe('telemetry-hub');
  });

  it('says first how many units are lost', () => {
    const lost = new Map([...rows, ['b', fleetRow({ state: 'lost' })] as const]);
    expect(titleOf([], views, lost)).toBe('1 lost · Fleet · telemetry-hub');
  });
});

describe('how far a clock is ahead, in words', () => {
  it('has a sign', () => {
    expect([clockWords(3_200), clockWords(-90_000)]).toEqual(['+3.2 s', '−90 s']);
  });
});
