import { describe, expect, test } from 'vitest';
import { FleetRows } from '../../src/api/fleet-rows.ts';
import type { UnitView } from '../../src/core/unit.ts';
import { FakeHub, ManualClock, serve, startMs, unitReading, unitView, until } from './fake-hub.ts';
import { LiveTap } from './live-tap.ts';

const batchMs = 250;

function hubOf(...ids: readonly string[]): FakeHub {
  return new FakeHub(...ids.map((id) => unitView({ client_id: id, name: id })));
}

function change(hub: FakeHub, id: string, changes: Partial<UnitView>): void {
  const unit = hub.all.get(id);
  if (unit === undefined) throw new Error(`no unit ${id}`);
  hub.all.set(id, { ...unit, ...changes });
  hub.commit(unitReading(1, { clientId: id, unit: id }));
}

/** The reader, of whom a turn is due, goes, and the server has noticed. */
async function leaves(tap: LiveTap, clock: ManualClock): Promise<void> {
  const { waiting } = clock;
  await tap[Symbol.asyncDispose]();
  await until(() => clock.waiting < waiting, 'nobody listens');
}

const seen = (ms: number): Pick<UnitView, 'last_seen'> => ({ last_seen: new Date(startMs + ms).toISOString() });

describe('a reader that comes back', () => {
  test('gets all that has changed meanwhile in one event, though nobody else listened', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a', 'b', 'c');
    await using api = await serve({ hub, clock });
    const tap = await LiveTap.begun(api.url);
    change(hub, 'c', seen(1));
    clock.pass(batchMs);
    await tap.has(2);
    change(hub, 'a', seen(2));
    await leaves(tap, clock);
    change(hub, 'b', { state: 'lost' });
    hub.say('lost', { client_id: 'b' });
    clock.pass(59_999);
    await using back = await LiveTap.begun(api.url, { lastId: tap.lastId });
    const { values, rows, events } = await back.changes(1);
    expect(values).toMatchObject([expect.arrayContaining(['a', startMs + 2])]);
    expect(rows).toMatchObject([{ client_id: 'b', state: 'lost' }]);
    expect(events).toMatchObject([{ event: 'lost', client_id: 'b' }]);
    change(hub, 'c', seen(3));
    clock.pass(batchMs);
    expect(await back.changes(2)).toMatchObject({
      values: [expect.arrayContaining(['c', startMs + 3])],
      rows: [],
      events: [],
    });
  });

  test('gets the same while others listen, and what they know already not again', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a', 'b', 'c');
    await using api = await serve({ hub, clock });
    await using other = await LiveTap.begun(api.url);
    const tap = await LiveTap.begun(api.url);
    await tap[Symbol.asyncDispose]();
    for (const [ms, id] of ['a', 'b'].entries()) {
      change(hub, id, seen(ms + 1));
      hub.say('text', { client_id: id, ms });
      clock.pass(batchMs);
      await other.has(ms + 2);
    }
    await using back = await LiveTap.begun(api.url, { lastId: other.events[1]?.id });
    expect(await back.changes(1)).toMatchObject({
      values: [expect.arrayContaining(['b', startMs + 2])],
      rows: [],
      events: [{ ms: 1 }],
    });
    await using early = await LiveTap.begun(api.url, { lastId: tap.lastId });
    const { values, events } = await early.changes(1);
    expect([values.map(([id]) => id), events.length]).toEqual([['a', 'b'], 2]);
    expect(other.events).toHaveLength(3);
  });

  test('is told so though nothing has changed', async () => {
    const hub = hubOf('a');
    await using api = await serve({ hub, clock: new ManualClock() });
    const tap = await LiveTap.begun(api.url);
    await tap[Symbol.asyncDispose]();
    await using back = await LiveTap.begun(api.url, { lastId: tap.lastId });
    expect(await back.changes(1)).toEqual({ time: startMs, rows: [], values: [], gone: [], events: [] });
    expect(back.lastId).toBe(tap.lastId);
  });

  test('gets the fleet where more has happened than is kept', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a');
    await using api = await serve({ hub, clock, limits: { fleetEventsMax: 2 } });
    await using other = await LiveTap.begun(api.url);
    const first = other.lastId;
    for (let count = 2; count <= 4; count += 1) {
      hub.say('text', { count });
      clock.pass(batchMs);
      await other.has(count);
      await using back = await LiveTap.begun(api.url, { lastId: first });
      expect(back.events[0]?.name).toBe(count === 4 ? 'fleet' : 'changes');
    }
  });

  test.for([
    ['another run', (id: string) => `00000000-${id.split('-')[1]}`],
    ['a number that is not there yet', (id: string) => `${id.split('-')[0]}-9`],
    ['the stream of events', () => '17'],
    ['nobody', () => 'x'],
  ] as const)('gets the fleet where its id is of %s', async ([, idOf]) => {
    await using api = await serve({ hub: hubOf('a'), clock: new ManualClock() });
    await using tap = await LiveTap.begun(api.url);
    await using back = await LiveTap.begun(api.url, { lastId: idOf(tap.lastId ?? '') });
    expect(back.events[0]).toMatchObject({ id: tap.lastId, name: 'fleet' });
  });

  test('gets the fleet where nobody has listened for 60 s, and until then nothing was looked at', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a');
    await using api = await serve({ hub, clock });
    const [others, timers] = [hub.subscriptions, clock.waiting];
    const tap = await LiveTap.begun(api.url);
    expect(hub.subscriptions).toBe(others + 1);
    change(hub, 'a', seen(1));
    await leaves(tap, clock);
    let looks = 0;
    hub.onLook = (unit) => {
      looks += 1;
      return unit;
    };
    hub.commit(unitReading(2, { clientId: 'a' }));
    clock.pass(59_999);
    expect(hub.subscriptions).toBe(others + 1);
    clock.pass(1);
    expect([hub.subscriptions, clock.waiting, looks]).toEqual([others, timers, 0]);
    await using back = await LiveTap.begun(api.url, { lastId: tap.lastId });
    expect(back.events[0]).toMatchObject({
      name: 'fleet',
      data: { units: [{ values: expect.arrayContaining([startMs + 1]) }] },
    });
    expect(back.lastId).not.toBe(tap.lastId);
  });
});

describe('a reader that is slow', () => {
  const ids = Array.from({ length: 400 }, (_, index) => `unit-${String(index).padStart(3, '0')}`);
  const tagsOf = (turn: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`tag-${index}`, `${turn}`.padEnd(60, '-')]));

  test('gets the state when it reads again, and holds up nobody', async () => {
    const clock = new ManualClock();
    const hub = hubOf(...ids);
    await using api = await serve({ hub, clock, limits: { fleetSliceUnits: 100 } });
    await using slow = await LiveTap.open(api.url, { paused: true });
    await using quick = await LiveTap.begun(api.url);
    const idle = clock.waiting;
    const turns = 40;
    for (let turn = 1; turn <= turns; turn += 1) {
      for (const id of ids) change(hub, id, { tags: tagsOf(turn), ...seen(turn) });
      if (turn === 20) hub.all.delete('unit-007');
      clock.pass(batchMs);
      await quick.has(turn + 1);
      if (turn === 20) hub.all.set('unit-007', unitView({ client_id: 'unit-007', name: 'unit-007' }));
    }
    slow.resume();
    await until(() => clock.waiting > idle || slow.lastId === quick.lastId, 'it has drained');
    clock.pass(batchMs);
    await until(() => slow.lastId === quick.lastId, 'the newest');
    expect(slow.events.length).toBeLessThan(turns / 2);
    const [told, truth] = [rowsOf(slow), rowsOf(quick)];
    expect(told.size).toBe(ids.length);
    expect(told).toEqual(truth);
  });

  test('is told how many events it has missed', async () => {
    const clock = new ManualClock();
    const hub = hubOf(...ids);
    await using api = await serve({ hub, clock, limits: { fleetEventsMax: 5 } });
    await using slow = await LiveTap.open(api.url, { paused: true });
    await using quick = await LiveTap.begun(api.url);
    const idle = clock.waiting;
    const turns = 40;
    for (let turn = 1; turn <= turns; turn += 1) {
      for (const id of ids) change(hub, id, { tags: tagsOf(turn), ...seen(turn) });
      for (let count = 0; count < 3; count += 1) hub.say('text', { count });
      clock.pass(batchMs);
      await quick.has(turn + 1);
    }
    slow.resume();
    await until(() => clock.waiting > idle || slow.lastId === quick.lastId, 'it has drained');
    clock.pass(batchMs);
    await until(() => slow.lastId === quick.lastId, 'the newest');
    const count = (tap: LiveTap, of: 'events' | 'dropped'): number =>
      tap.events
        .flatMap(({ name, data }) => (name === 'changes' ? [data] : []))
        .reduce((sum, data) => sum + (of === 'events' ? data.events.length : (data.dropped ?? 0)), 0);
    expect([count(quick, 'events'), count(quick, 'dropped')]).toEqual([3 * turns, 0]);
    expect(count(slow, 'dropped')).toBeGreaterThan(turns);
    expect(count(slow, 'events') + count(slow, 'dropped')).toBe(3 * turns);
  });

  function rowsOf(tap: LiveTap): ReadonlyMap<string, unknown> {
    const rows = new FleetRows();
    for (const { name, data } of tap.events) {
      if (name === 'fleet') rows.take(data);
      else rows.change(data);
    }
    return rows.rows;
  }
});
