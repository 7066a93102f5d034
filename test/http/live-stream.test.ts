import { describe, expect, test } from 'vitest';
import type { FleetSnapshot } from '../../src/api/contract.ts';
import { limits } from '../../src/core/limits.ts';
import type { UnitView } from '../../src/core/unit.ts';
import { EventTap } from './event-tap.ts';
import { FakeHub, ManualClock, serve, startMs, unitReading, unitView, until } from './fake-hub.ts';
import { LiveTap } from './live-tap.ts';
import { byTest, temporaryAccess } from './temporary-access.ts';

const clientId = 'Yw1l0Ck3aT8mQ2vN5xR7sA';
const batchMs = 250;

function seen(ms: number): Pick<UnitView, 'last_seen'> {
  return { last_seen: new Date(startMs + ms).toISOString() };
}

/** Units by the names of their ids. */
function hubOf(...ids: readonly string[]): FakeHub {
  return new FakeHub(...ids.map((id) => unitView({ client_id: id, name: id })));
}

function change(hub: FakeHub, id: string, changes: Partial<UnitView>): void {
  const unit = hub.all.get(id);
  if (unit === undefined) throw new Error(`no unit ${id}`);
  hub.all.set(id, { ...unit, ...changes });
}

/** A reading of it is stored. */
function measure(hub: FakeHub, id: string, ms: number): void {
  change(hub, id, seen(ms));
  hub.commit(unitReading(ms, { clientId: id, unit: id }));
}

describe("the fleet's stream", () => {
  test('begins with the fleet, by name', async () => {
    const hub = new FakeHub(unitView({ client_id: 'b', name: 'two' }), unitView({ client_id: 'a', name: 'one' }));
    await using api = await serve({ hub, clock: new ManualClock() });
    await using tap = await LiveTap.begun(api.url);
    const values = [startMs, 54.5, startMs, 0.375, startMs, 0.9, startMs, null, null, null];
    const row = {
      state: 'online',
      v: 2,
      ip: '192.0.2.7',
      tags: {},
      interval: { confirmed: 10, wanted: 10, rev: 1, state: 'confirmed', tries: 0 },
      registered: '2026-11-21T10:00:00.000Z',
      clock_offset_ms: -3,
      fullest_disk: '/var',
    };
    const expected = {
      time: startMs,
      units: [
        { client_id: 'a', name: 'one', ...row, values: ['a', ...values] },
        { client_id: 'b', name: 'two', ...row, values: ['b', ...values] },
      ],
    };
    expect(tap.events[0]).toMatchObject({ name: 'fleet', data: expected });
    const asked = await fetch(`${api.url}/api/v1/fleet`);
    expect(asked.headers.get('content-type')).toContain('application/json');
    expect(await asked.json()).toEqual(expected);
  });

  test('tells the changes of 250 ms at once, 250 ms after the first', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a', 'b', 'c');
    await using api = await serve({ hub, clock });
    await using tap = await LiveTap.begun(api.url);
    measure(hub, 'a', 1);
    clock.pass(200);
    measure(hub, 'b', 2);
    clock.pass(49);
    measure(hub, 'a', 3);
    clock.pass(1);
    const first = await tap.changes(2);
    expect(first.time).toBe(startMs + batchMs);
    expect(first.rows).toEqual([]);
    expect(first.values.map((values) => values.slice(0, 2))).toEqual([
      ['a', startMs + 3],
      ['b', startMs + 2],
    ]);
    measure(hub, 'c', 4);
    clock.pass(batchMs);
    expect((await tap.changes(3)).time).toBe(startMs + 2 * batchMs);
    expect(tap.events.map(({ id }) => id.split('-')[1])).toEqual(['1', '2', '3']);
  });

  test('says nothing while nothing changes', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a');
    await using api = await serve({ hub, clock });
    await using tap = await LiveTap.begun(api.url);
    hub.commit(unitReading(1, { clientId: 'a' }));
    clock.pass(batchMs);
    measure(hub, 'a', 1);
    clock.pass(batchMs);
    const { time, values } = await tap.changes(2);
    expect([time, values.length]).toEqual([startMs + 2 * batchMs, 1]);
  });

  test('looks at a unit once, whatever the number of its readings and of readers, and never before somebody listens', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a', 'b');
    let looks = 0;
    hub.onLook = (unit) => {
      looks += 1;
      return unit;
    };
    await using api = await serve({ hub, clock });
    const subscriptions = hub.subscriptions;
    hub.commit(unitReading(1, { clientId: 'a' }));
    expect([looks, hub.subscriptions]).toEqual([0, subscriptions]);
    await using one = await LiveTap.begun(api.url);
    await using other = await LiveTap.begun(api.url);
    expect([looks, hub.subscriptions]).toEqual([2, subscriptions + 1]);
    for (let seq = 1; seq <= 100; seq += 1) measure(hub, 'a', seq);
    clock.pass(batchMs);
    await Promise.all([one.has(2), other.has(2)]);
    expect(looks).toBe(3);
    expect(one.events[1]).toEqual(other.events[1]);
  });

  test.for([
    ['name', { name: '0' }],
    ['state', { state: 'lost' }],
    ['v', { v: 1 }],
    ['ip', { ip: '192.0.2.8' }],
    ['tags', { tags: { site: 'lab' } }],
    ['registered', { registered: '2026-11-21T10:00:01.000Z' }],
    ['clock_offset_ms', { clock_offset_ms: 2_500 }],
  ] as const)('tells of a row as a whole where its %s has changed', async ([member, changes]) => {
    const clock = new ManualClock();
    const hub = hubOf('a', 'b');
    await using api = await serve({ hub, clock });
    await using tap = await LiveTap.begun(api.url);
    change(hub, 'b', changes);
    hub.say('told', { client_id: 'b' });
    clock.pass(batchMs);
    const { rows, values } = await tap.changes(2);
    expect(rows).toMatchObject([{ client_id: 'b', ...changes }]);
    expect(values).toEqual([]);
    expect(rows[0]?.[member]).toEqual(Object(changes)[member]);
    const { units }: FleetSnapshot = Object(await (await fetch(`${api.url}/api/v1/fleet`)).json());
    expect(units).toContainEqual(rows[0]);
    expect(units.map(({ name }) => name)).toEqual(units.map(({ name }) => name).toSorted());
  });

  test('tells of a row as a whole where another disk is the fullest', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a');
    await using api = await serve({ hub, clock });
    await using tap = await LiveTap.begun(api.url);
    const disk = [{ time: startMs + 1, sensor: 'disk', id: '/data', used: 95, total: 100 }];
    change(hub, 'a', { latest: { disk } });
    hub.commit(unitReading(1, { clientId: 'a' }));
    clock.pass(batchMs);
    const { rows } = await tap.changes(2);
    expect(rows).toMatchObject([{ fullest_disk: '/data', values: expect.arrayContaining([0.95]) }]);
  });

  test('a clock that is off is told anew when it has moved by half a second', async () => {
    const clock = new ManualClock();
    const hub = new FakeHub(unitView({ client_id: 'a', clock_offset_ms: 5_000 }));
    await using api = await serve({ hub, clock });
    await using tap = await LiveTap.begun(api.url);
    change(hub, 'a', { clock_offset_ms: 5_499 });
    measure(hub, 'a', 1);
    clock.pass(batchMs);
    expect((await tap.changes(2)).rows).toEqual([]);
    change(hub, 'a', { clock_offset_ms: 5_500 });
    measure(hub, 'a', 2);
    clock.pass(batchMs);
    expect((await tap.changes(3)).rows).toMatchObject([{ clock_offset_ms: 5_500 }]);
  });

  test('has what happened, but for readings and what is for debugging', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a');
    await using api = await serve({ hub, clock });
    await using tap = await LiveTap.begun(api.url);
    hub.say('connection-closed', { client_id: 'a' }, 'debug');
    hub.say('lost', { unit: 'a', client_id: 'a', reason: 'gone' }, 'warn');
    hub.say('store-available', {});
    clock.pass(batchMs);
    const { events } = await tap.changes(2);
    expect(events.map(({ event }) => event)).toEqual(['lost', 'store-available']);
    const time = '2026-11-21T10:00:00.000Z';
    expect(events[0]).toEqual({ time, level: 'warn', event: 'lost', unit: 'a', client_id: 'a', reason: 'gone' });
  });

  test('shows which try it is while an interval is under way, though nothing tells of it', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a');
    await using api = await serve({ hub, clock });
    await using tap = await LiveTap.begun(api.url);
    const idle = clock.waiting;
    await hub.setInterval('a', 5);
    hub.say('interval-wanted', { client_id: 'a' });
    clock.pass(batchMs);
    expect((await tap.changes(2)).rows).toMatchObject([{ interval: { wanted: 5, state: 'sending', tries: 1 } }]);
    change(hub, 'a', { interval: { confirmed: 10, wanted: 5, rev: 2, state: 'sending', tries: 2 } });
    await until(() => clock.waiting > idle, 'the next look');
    clock.pass(1_000);
    clock.pass(batchMs);
    expect((await tap.changes(3)).rows).toMatchObject([{ interval: { tries: 2 } }]);
    change(hub, 'a', { interval: { confirmed: 10, wanted: 5, rev: 2, state: 'assumed', tries: 3 } });
    await until(() => clock.waiting > idle, 'the next look');
    clock.pass(1_000);
    clock.pass(batchMs);
    expect((await tap.changes(4)).rows).toMatchObject([{ interval: { state: 'assumed' } }]);
    await until(() => clock.waiting === idle, 'no more looks');
  });

  test('tells of units that are new and of units that are gone', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a');
    await using api = await serve({ hub, clock });
    await using tap = await LiveTap.begun(api.url);
    hub.all.set('b', unitView({ client_id: 'b', name: '1' }));
    hub.say('registered', { client_id: 'b' });
    clock.pass(batchMs);
    expect((await tap.changes(2)).rows).toMatchObject([{ client_id: 'b' }]);
    hub.all.delete('a');
    clock.pass(15_000);
    clock.pass(batchMs);
    expect(await tap.changes(3)).toMatchObject({ rows: [], values: [], gone: ['a'] });
    expect(await (await fetch(`${api.url}/api/v1/fleet`)).json()).toMatchObject({ units: [{ client_id: 'b' }] });
    const [, , last] = tap.events;
    await using back = await LiveTap.begun(api.url, { lastId: last?.id.replace('-3', '-2') });
    expect(await back.changes(1)).toMatchObject({ gone: ['a'], rows: [] });
  });

  test('has a comment every 15 s', async () => {
    const clock = new ManualClock();
    await using api = await serve({ clock });
    await using tap = await LiveTap.begun(api.url);
    clock.pass(14_999);
    clock.pass(1);
    await until(() => tap.comments === 1, 'the first comment');
    clock.pass(15_000);
    await until(() => tap.comments === 2, 'the second comment');
    expect(tap.events).toHaveLength(1);
  });

  test('is the same, however few units are looked at in one turn of the loop', async () => {
    const clock = new ManualClock();
    const ids = Array.from({ length: 50 }, (_, index) => `unit-${String(index).padStart(2, '0')}`);
    const hub = hubOf(...ids);
    await using api = await serve({ hub, clock, limits: { fleetSliceUnits: 3 } });
    await using tap = await LiveTap.begun(api.url);
    expect(Object(tap.events[0]?.data).units.map(({ name }: { name: string }) => name)).toEqual(ids);
    for (const id of ids) measure(hub, id, 7);
    clock.pass(batchMs);
    expect((await tap.changes(2)).values.map(([id, time]) => [id, time])).toEqual(ids.map((id) => [id, startMs + 7]));
  });

  test('shows a unit of version 1, which speaks in percent', async () => {
    const time = startMs + 1;
    const latest = {
      cpu_temp: [{ time, sensor: 'cpu_temp', celsius: 54.26 }],
      disk: [{ time, sensor: 'disk', id: '/', used_ratio: 0.24 }],
      ram: [{ time, sensor: 'ram', used_ratio: 0.018 }],
      cpu: [{ time, sensor: 'cpu', utilisation: 0.123456 }],
    };
    const hub = new FakeHub(unitView({ client_id: 'a', v: 1, latest }));
    await using api = await serve({ hub, clock: new ManualClock() });
    await using tap = await LiveTap.begun(api.url);
    expect(Object(tap.events[0]?.data).units[0]).toMatchObject({
      v: 1,
      fullest_disk: '/',
      values: ['a', startMs, 54.3, time, 0.018, time, 0.24, time, 0.1235, time, null],
    });
  });

  test('ends when its reader may not listen any more, with the next heartbeat', async () => {
    using access = temporaryAccess();
    const { token, view } = access.addApiToken({ name: 'wall', scope: 'read', expiresMs: undefined }, byTest);
    const clock = new ManualClock();
    await using api = await serve({ access, clock, host: '0.0.0.0' });
    await using tap = await LiveTap.begun(api.url, { token });
    clock.pass(15_000);
    await until(() => tap.comments === 1, 'a comment');
    access.removeApiToken(view.id, byTest);
    clock.pass(15_000);
    await tap.ended;
    expect(tap.comments).toBe(1);
  });

  test('is refused beyond the bound, which it shares with the stream of events, and free again when a reader leaves', async () => {
    await using api = await serve({ limits: { streamsMax: 2 } });
    const tap = await LiveTap.begun(api.url);
    await using _events = await EventTap.open(`${api.url}/api/v1/events`);
    for (const path of ['events', 'fleet/stream']) {
      const refused = await fetch(`${api.url}/api/v1/${path}`);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
      expect(await refused.json()).toMatchObject({ type: 'urn:telemetry-hub:problem:too-many-streams' });
    }
    await tap[Symbol.asyncDispose]();
    let again = await LiveTap.open(api.url);
    while (again.status === 503) {
      await again[Symbol.asyncDispose]();
      again = await LiveTap.open(api.url);
    }
    expect(again.status).toBe(200);
    await again[Symbol.asyncDispose]();
  });

  test('ends with the server, and leaves the feed and the clock', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a');
    await using api = await serve({ hub, clock });
    await using tap = await LiveTap.begun(api.url);
    await using unit = await LiveTap.begun(api.url, { unit: 'a' });
    measure(hub, 'a', 1);
    await api.close();
    await Promise.all([tap.ended, unit.ended]);
    expect([hub.subscriptions, clock.waiting]).toEqual([0, 0]);
  });
});

describe('with ?unit=', () => {
  test('there is that unit alone, with what it measured and what happened to it', async () => {
    const clock = new ManualClock();
    const hub = hubOf(clientId, 'b');
    await using api = await serve({ hub, clock });
    await using all = await LiveTap.begun(api.url);
    await using tap = await LiveTap.begun(api.url, { unit: clientId });
    expect(tap.events[0]?.data).toMatchObject({ units: [{ client_id: clientId }] });
    hub.commit(unitReading(1), unitReading(1, { clientId: 'b' }), unitReading(2));
    measure(hub, 'b', 5);
    hub.say('lost', { client_id: 'b', unit: 'b' });
    hub.say('late', { client_id: clientId, unit: clientId });
    hub.say('registration-refused', { unit: clientId });
    hub.say('store-available', {});
    clock.pass(batchMs);
    const { values, rows, events, readings } = await tap.changes(2);
    expect([values, rows]).toEqual([[], []]);
    expect(events.map(({ event }) => event)).toEqual(['late', 'registration-refused']);
    const reading = {
      sensor: 'cpu_temp',
      id: 'coretemp/Package id 0',
      time: startMs,
      epoch: '5f2c91e0',
      celsius: 54.5,
    };
    expect(readings).toEqual([
      { seq: 1, ...reading },
      { seq: 2, ...reading },
    ]);
    measure(hub, 'b', 6);
    clock.pass(batchMs);
    await all.has(3);
    measure(hub, clientId, 7);
    clock.pass(batchMs);
    expect(await tap.changes(3)).toMatchObject({
      values: [expect.arrayContaining([clientId, startMs + 7])],
      readings: [{ seq: 7 }],
      events: [],
    });
  });

  test('of what was measured the newest is kept', async () => {
    const clock = new ManualClock();
    const hub = hubOf(clientId);
    await using api = await serve({ hub, clock, limits: { fleetReadingsMax: 3 } });
    await using tap = await LiveTap.begun(api.url, { unit: clientId });
    for (let seq = 1; seq <= 5; seq += 1) hub.commit(unitReading(seq));
    clock.pass(batchMs);
    const { readings } = await tap.changes(2);
    expect(readings?.map((reading) => reading['seq'])).toEqual([3, 4, 5]);
  });

  test('a unit that nobody knows is told of when it is there', async () => {
    const clock = new ManualClock();
    const hub = hubOf('a');
    await using api = await serve({ hub, clock });
    await using all = await LiveTap.begun(api.url);
    await using tap = await LiveTap.begun(api.url, { unit: 'new' });
    expect(tap.events[0]?.data).toMatchObject({ units: [] });
    measure(hub, 'a', 1);
    clock.pass(batchMs);
    await all.has(2);
    hub.all.set('new', unitView({ client_id: 'new', name: 'new' }));
    hub.say('registered', { client_id: 'new' });
    clock.pass(batchMs);
    expect(await tap.changes(2)).toMatchObject({ rows: [{ client_id: 'new' }], values: [], readings: [] });
  });

  test('a reader that comes back has what was measured meanwhile', async () => {
    const clock = new ManualClock();
    const hub = hubOf(clientId, 'b');
    await using api = await serve({ hub, clock });
    await using other = await LiveTap.begun(api.url);
    const tap = await LiveTap.begun(api.url, { unit: clientId });
    measure(hub, clientId, 1);
    clock.pass(batchMs);
    await tap.changes(2);
    await tap[Symbol.asyncDispose]();
    measure(hub, clientId, 2);
    clock.pass(batchMs);
    await other.has(3);
    await using back = await LiveTap.begun(api.url, { unit: clientId, lastId: tap.lastId });
    expect(await back.changes(1)).toMatchObject({
      values: [expect.arrayContaining([clientId, startMs + 2])],
      readings: [{ seq: 2 }],
    });
    await using stranger = await LiveTap.begun(api.url, { unit: 'b', lastId: tap.lastId });
    expect(stranger.events[0]?.name).toBe('fleet');
  });

  test('one that comes back after more than 60 s is told anew, though others listened', async () => {
    const clock = new ManualClock();
    const hub = hubOf(clientId);
    await using api = await serve({ hub, clock });
    await using other = await LiveTap.begun(api.url);
    const tap = await LiveTap.begun(api.url, { unit: clientId });
    measure(hub, clientId, 1);
    clock.pass(batchMs);
    await tap.changes(2);
    await tap[Symbol.asyncDispose]();
    const soon = await LiveTap.begun(api.url, { unit: clientId, lastId: tap.lastId });
    expect(soon.events[0]?.name).toBe('changes');
    await soon[Symbol.asyncDispose]();
    for (let beat = 1; beat <= 8; beat += 1) {
      clock.pass(15_000);
      await until(() => other.comments === beat, 'a comment');
    }
    await using back = await LiveTap.begun(api.url, { unit: clientId, lastId: tap.lastId });
    expect(back.events[0]?.name).toBe('fleet');
  });

  test('is a client_id of a sensible length', async () => {
    await using api = await serve();
    const { status } = await LiveTap.open(api.url, { unit: 'x'.repeat(limits.clientIdBytesMax + 50) });
    expect(status).toBe(400);
  });
});
