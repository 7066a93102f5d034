import { expect, test } from 'vitest';
import type { UnitEventRecord } from '../../src/core/unit-event.ts';
import { call } from './call.ts';
import { FakeHub, ManualClock, serve, startMs, unitView } from './fake-hub.ts';

const id = 'Yw1l0Ck3aT8mQ2vN5xR7sA';
const dayMs = 86_400_000;

function happened(event: string, timeMs: number, details: UnitEventRecord['details'] = {}): UnitEventRecord {
  return { clientId: id, timeMs, event, details };
}

/** A unit that registered a day ago, was lost now, and was registered by another server in the future. */
function hubWithEvents(): FakeHub {
  const hub = new FakeHub(unitView());
  const details = { peer: '192.0.2.7', v: 2, fine: true, token: null };
  hub.happened = [
    happened('disconnected', startMs - dayMs - 1),
    happened('registered', startMs - dayMs, details),
    happened('lost', startMs, { reason: 'silent' }),
    happened('online', startMs + 5_000),
  ];
  return hub;
}

async function told(query: string): Promise<unknown> {
  const clock = new ManualClock();
  await using api = await serve({ hub: hubWithEvents(), clock });
  const { status, body } = await call(`${api.url}/api/v1/units/${id}/events?${query}`);
  expect(status).toBe(200);
  return Array.isArray(body) ? body.map(({ event }) => String(event)) : body;
}

test('events say when what happened, with the other fields of the log', async () => {
  await using api = await serve({ hub: hubWithEvents() });
  const { status, body } = await call(`${api.url}/api/v1/units/${id}/events?from=${startMs - dayMs}&to=${startMs + 1}`);
  expect([status, body]).toEqual([
    200,
    [
      {
        time: '2026-11-20T10:00:00.000Z',
        event: 'registered',
        details: { peer: '192.0.2.7', v: 2, fine: true, token: null },
      },
      { time: '2026-11-21T10:00:00.000Z', event: 'lost', details: { reason: 'silent' } },
    ],
  ]);
});

test('without bounds they are those of the last 24 hours, and with `to` those of the 24 hours before it', async () => {
  expect(await told('')).toEqual(['registered', 'lost', 'online']);
  expect(await told(`to=${startMs}`)).toEqual(['registered']);
  expect(await told(`to=${startMs - 1}`)).toEqual(['disconnected', 'registered']);
  expect(await told(`to=${startMs + 400 * dayMs}`)).toEqual(['registered', 'lost', 'online']);
  expect(await told('from=2026-11-20T09:59:59.999Z')).toEqual(['disconnected', 'registered', 'lost', 'online']);
  expect(await told(`from=${startMs}&to=${startMs + 1}`)).toEqual(['lost']);
});

test.each([
  ['nobody/events', 404, 'no-such-unit'],
  [`${id}/events?from=yesterday`, 400, 'bad-request'],
  [`${id}/events?from=2000&to=1000`, 400, 'bad-request'],
  [`${id}/events?since=1000`, 400, 'bad-request'],
])('%s is refused with %i %s', async (path, status, problem) => {
  await using api = await serve({ hub: hubWithEvents() });
  expect(await call(`${api.url}/api/v1/units/${path}`)).toMatchObject({ status, problem });
});

test('a store that cannot be read is said', async () => {
  const hub = hubWithEvents();
  hub.events = () => Promise.reject(new Error('broken'));
  await using api = await serve({ hub });
  expect(await call(`${api.url}/api/v1/units/${id}/events`)).toMatchObject({
    status: 503,
    problem: 'store-unavailable',
  });
});
