import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { FakeHub, ManualClock, serve, startMs, unitReading, unitView, until } from './fake-hub.ts';
import { EventTap } from './event-tap.ts';

const other = { clientId: 'other', unit: 'other-1' };

describe('the event stream', () => {
  test('begins at once, as text/event-stream that nobody caches', async () => {
    await using api = await serve();
    await using tap = await EventTap.open(`${api.url}/api/v1/events`);
    expect(tap.response.headers.get('content-type')).toContain('text/event-stream');
    expect(tap.response.headers.get('cache-control')).toContain('no-store');
    expect(tap.response.headers.get('content-security-policy')).toContain("default-src 'none'");
    await until(() => tap.text.includes('\n\n'), 'the first block');
    expect(tap.text).toBe('retry: 3000\n\n');
  });

  test('gives every event of the hub under its name, with time, level and its fields', async () => {
    await using api = await serve();
    await using tap = await EventTap.open(`${api.url}/api/v1/events`);
    api.hub.say('lost', { unit: 'bench-03', client_id: 'a', reason: 'two\nlines', gone: undefined }, 'warn');
    await until(() => tap.events.length === 1, 'the event');
    expect(tap.events).toEqual([
      {
        id: 1,
        name: 'lost',
        data: {
          time: '2026-11-21T10:00:00.000Z',
          level: 'warn',
          event: 'lost',
          unit: 'bench-03',
          client_id: 'a',
          reason: 'two\nlines',
        },
      },
    ]);
  });

  test("gives every stored reading with the members of the log's line", async () => {
    await using api = await serve();
    await using tap = await EventTap.open(`${api.url}/api/v1/events`);
    const v1 = unitReading(0, {
      reading: { sensor: 'ram', values: { used_ratio: 0.5 }, time: startMs, epoch: undefined, seq: undefined },
    });
    api.hub.commit(unitReading(7), v1);
    await until(() => tap.events.length === 2, 'the readings');
    const line = {
      time: '2026-11-21T10:00:00.000Z',
      level: 'info',
      event: 'reading',
      unit: 'bench-03',
      client_id: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
    };
    expect(tap.events).toEqual([
      {
        id: 1,
        name: 'reading',
        data: {
          ...line,
          sensor: 'cpu_temp',
          id: 'coretemp/Package id 0',
          epoch: '5f2c91e0',
          seq: 7,
          taken: startMs,
          celsius: 54.5,
        },
      },
      { id: 2, name: 'reading', data: { ...line, sensor: 'ram', taken: startMs, used_ratio: 0.5 } },
    ]);
  });

  test.for([
    ['unit=other-1', [2, 5]],
    ['unit=other', [2, 5]],
    ['events=reading', [1, 2]],
    ['events=lost,registered', [3, 4, 5]],
    ['unit=other-1&events=reading', [2]],
    ['unit=nobody', []],
    ['', [1, 2, 3, 4, 5, 6]],
  ] as const)('with ?%s has what was asked for', async ([query, ids]) => {
    await using api = await serve();
    await using tap = await EventTap.open(`${api.url}/api/v1/events?${query}`);
    await using all = await EventTap.open(`${api.url}/api/v1/events`);
    api.hub.commit(unitReading(1), unitReading(1, other));
    api.hub.say('registered', { unit: 'bench-03', client_id: 'Yw1l0Ck3aT8mQ2vN5xR7sA' });
    api.hub.say('lost', { unit: 'bench-03', client_id: 'Yw1l0Ck3aT8mQ2vN5xR7sA' });
    api.hub.say('lost', { unit: 'other-1', client_id: 'other' });
    api.hub.say('stopping', {});
    await until(() => all.events.length === 6, 'all events');
    await api.close();
    await tap.ended;
    expect(tap.events.map(({ id }) => id)).toEqual(ids);
  });

  test('numbers what nobody heard, so that a gap shows', async () => {
    await using api = await serve();
    api.hub.commit(unitReading(1), unitReading(2));
    api.hub.say('lost', {});
    await using tap = await EventTap.open(`${api.url}/api/v1/events`);
    api.hub.say('lost', {});
    await until(() => tap.events.length === 1, 'the event');
    expect(tap.events[0]?.id).toBe(4);
  });

  test('has a comment every 15 s', async () => {
    const clock = new ManualClock();
    await using api = await serve({ clock });
    await using tap = await EventTap.open(`${api.url}/api/v1/events`);
    clock.pass(14_999);
    clock.pass(1);
    await until(() => tap.text.includes(': '), 'the first comment');
    clock.pass(15_000);
    await until(() => tap.text.split(': still here\n\n').length === 3, 'the second comment');
    expect(tap.events).toEqual([]);
  });

  test('is refused with 503 beyond the bound, and free again when a reader leaves', async () => {
    await using api = await serve({ limits: { streamsMax: 1 } });
    const first = await EventTap.open(`${api.url}/api/v1/events`);
    const refused = await fetch(`${api.url}/api/v1/events`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refused.json()).toMatchObject({ type: 'urn:telemetry-hub:problem:too-many-streams' });
    await first[Symbol.asyncDispose]();
    let status = 503;
    while (status === 503) {
      await setImmediate();
      const again = await fetch(`${api.url}/api/v1/events`);
      ({ status } = again);
      await again.body?.cancel();
    }
    expect(status).toBe(200);
  });

  test('drops readings for a reader that does not read, counts them, and delays nobody else', async () => {
    await using api = await serve({ limits: { streamBufferedBytesMax: 65_536 } });
    await using slow = await EventTap.open(`${api.url}/api/v1/events`, { paused: true });
    await using quick = await EventTap.open(`${api.url}/api/v1/events`);
    const batches = 400;
    for (let batch = 0; batch < batches; batch += 1) {
      api.hub.commit(...Array.from({ length: 100 }, (_, index) => unitReading(batch * 100 + index + 1)));
      await until(() => quick.events.length === (batch + 1) * 100, `batch ${batch} at the quick reader`);
    }
    slow.resume();
    await until(() => slow.events.at(-1)?.name === 'dropped', 'the event dropped');
    const dropped = slow.events.at(-1)?.data;
    expect(dropped).toMatchObject({ event: 'dropped', level: 'warn' });
    const count = Number(dropped?.['count']);
    expect(count).toBeGreaterThan(0);
    expect(slow.events.length - 1 + count).toBe(batches * 100);
    api.hub.commit(unitReading(99_999));
    await until(() => slow.events.at(-1)?.data['seq'] === 99_999, 'readings after the gap');
  });

  test('ends with the server after all that was said, together with idle and silent connections, and leaves the feed', async () => {
    const hub = new FakeHub(unitView());
    const clock = new ManualClock();
    await using api = await serve({ hub, clock });
    await using tap = await EventTap.open(`${api.url}/api/v1/events`);
    await (await fetch(`${api.url}/livez`)).text();
    const silent = connect({ port: api.port });
    await once(silent, 'connect');
    expect(hub.subscriptions).toBe(1);
    hub.say('stopping', { text: 'x'.repeat(300_000) });
    await Promise.all([api.close(), once(silent, 'close')]);
    await tap.ended;
    expect(tap.events.map(({ name }) => name)).toEqual(['stopping']);
    expect(hub.subscriptions).toBe(0);
    expect(clock.waiting).toBe(0);
    await expect(fetch(`${api.url}/livez`)).rejects.toThrow('fetch failed');
  });

  test('that is not read does not hold up the close longer than its bound', async () => {
    const clock = new ManualClock();
    await using api = await serve({ clock });
    await using tap = await EventTap.open(`${api.url}/api/v1/events`, { paused: true });
    for (let batch = 0; batch < 300; batch += 1) {
      api.hub.commit(...Array.from({ length: 256 }, (_, index) => unitReading(index + 1)));
      await setImmediate();
    }
    let closed = false;
    const closing = api.close().then(() => (closed = true));
    clock.pass(1_999);
    await setImmediate();
    expect(closed).toBe(false);
    clock.pass(1);
    await closing;
    expect(tap.paused).toBe(true);
  });
});
