import { describe, expect, it } from 'vitest';
import type { FleetChanges } from '../../../src/api/contract.ts';
import { LiveFleet } from '../../../web/src/live/live-fleet.ts';
import { ageMs, isOld } from '../../../src/core/freshness.ts';
import { fleetRow, nowMs } from '../fleet-row.ts';

const changes = (some: Partial<FleetChanges>): FleetChanges => ({
  time: nowMs,
  rows: [],
  values: [],
  gone: [],
  events: [],
  ...some,
});

describe('the fleet of the page', () => {
  const taken = (): LiveFleet => {
    const fleet = new LiveFleet();
    fleet.take({ time: nowMs, units: [fleetRow({ name: 'a' }), fleetRow({ name: 'b' })] });
    return fleet;
  };

  it('replaces the row whose values changed, and leaves the others the same', () => {
    const fleet = taken();
    const [a, b] = [fleet.rows.get('a'), fleet.rows.get('b')];
    fleet.change(changes({ values: [fleetRow({ name: 'a', temp: 77 }).values] }));
    expect(fleet.rows.get('a')).toEqual(fleetRow({ name: 'a', temp: 77 }));
    expect(fleet.rows.get('a')).not.toBe(a);
    expect(fleet.rows.get('b')).toBe(b);
  });

  it('tells a change of values from one of more', () => {
    const fleet = taken();
    const before = [fleet.version.value, fleet.structure.value] as const;
    fleet.change(changes({ values: [fleetRow({ name: 'a' }).values] }));
    expect([fleet.version.value, fleet.structure.value]).toEqual([before[0] + 1, before[1]]);
    fleet.change(changes({ rows: [fleetRow({ name: 'c' })], gone: ['a'] }));
    expect([fleet.version.value, fleet.structure.value]).toEqual([before[0] + 2, before[1] + 1]);
    expect([...fleet.rows.keys()]).toEqual(['b', 'c']);
  });

  it('ignores values of units that it does not have', () => {
    const fleet = taken();
    fleet.change(changes({ values: [fleetRow({ name: 'stranger' }).values] }));
    expect(fleet.rows.size).toBe(2);
  });

  it('keeps the newest 200 events', () => {
    const fleet = taken();
    const events = Array.from({ length: 150 }, (_, index) => ({ time: '', level: 'info', event: `e${index}` }));
    fleet.change(changes({ events }));
    fleet.change(changes({ events }));
    expect(fleet.events.value).toHaveLength(200);
    expect(fleet.events.value.at(-1)?.event).toBe('e149');
  });

  it('goes by the server’s clock, and stands still in a page from a file', () => {
    const fleet = new LiveFleet();
    fleet.take({ time: Date.now() + 3_600_000, units: [] });
    expect(fleet.nowMs() - Date.now()).toBeGreaterThan(3_500_000);
    fleet.linked({ name: 'snapshot', madeMs: nowMs });
    expect(fleet.nowMs()).toBe(nowMs);
  });

  it('is not filled before it was taken, nor after it was cleared', () => {
    const fleet = new LiveFleet();
    expect(fleet.filled.value).toBe(false);
    fleet.take({ time: nowMs, units: [fleetRow()] });
    expect(fleet.filled.value).toBe(true);
    fleet.clear();
    expect([fleet.filled.value, fleet.rows.size]).toEqual([false, 0]);
  });
});

describe('an old value', () => {
  const takenMs = (age: number): number => nowMs - age;

  it('is one older than ten seconds, or than two and a half intervals where those are longer', () => {
    const quick = fleetRow();
    expect([isOld(quick, takenMs(10_000), nowMs), isOld(quick, takenMs(10_001), nowMs)]).toEqual([false, true]);
    const slow = fleetRow({ interval: { confirmed: 60 } });
    expect([isOld(slow, takenMs(150_000), nowMs), isOld(slow, takenMs(150_001), nowMs)]).toEqual([false, true]);
  });

  it('is any of a unit that is not online', () => {
    const states = ['late', 'lost', 'disconnected'] as const;
    expect(states.map((state) => isOld(fleetRow({ state }), nowMs, nowMs))).toEqual([true, true, true]);
  });

  it('is dated by the unit’s clock, with how far that is off taken out', () => {
    const ahead = fleetRow({ clock_offset_ms: 60_000 });
    expect(ageMs(ahead, nowMs + 55_000, nowMs)).toBe(5_000);
    expect(isOld(ahead, nowMs + 55_000, nowMs)).toBe(false);
    expect(isOld(ahead, nowMs + 45_000, nowMs)).toBe(true);
  });
});
