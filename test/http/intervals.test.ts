import { expect, test } from 'vitest';
import { call, type Called } from './call.ts';
import { FakeHub, ManualClock, serve, unitView, until, type Served } from './fake-hub.ts';

const three = [
  unitView({ client_id: 'a', name: 'alpha' }),
  unitView({ client_id: 'b', name: 'beta', v: 1 }),
  unitView({ client_id: 'c', name: 'gamma' }),
];

function put(api: Served, body: unknown): Promise<Called> {
  return call(`${api.url}/api/v1/intervals`, { method: 'PUT', body });
}

test('each unit has its outcome: accepted with what it wants now, or refused as it would be alone', async () => {
  await using api = await serve({ hub: new FakeHub(...three) });
  const { status, body } = await put(api, { units: ['c', 'a', 'nobody', 'b', 'a'], seconds: 0.5 });
  const interval = { confirmed: 10, wanted: 0.5, rev: 2, state: 'sending', tries: 1 };
  expect(status).toBe(202);
  expect(body).toEqual({
    accepted: [
      { client_id: 'c', name: 'gamma', interval: expect.objectContaining({ ...interval, tries: expect.any(Number) }) },
      { client_id: 'a', name: 'alpha', interval: expect.objectContaining({ ...interval, tries: expect.any(Number) }) },
    ],
    refused: [
      {
        client_id: 'nobody',
        problem: 'no-such-unit',
        detail: 'No unit has the client_id nobody; GET /api/v1/units lists them.',
      },
      { client_id: 'b', problem: 'unit-cannot', detail: 'beta speaks v1, which knows whole seconds only' },
    ],
  });
  expect(api.hub.asked.map(({ clientId }) => clientId)).toEqual(['c', 'a', 'nobody', 'b']);
});

test('`all` is every unit, and none of them where there is none', async () => {
  await using api = await serve({ hub: new FakeHub(...three) });
  const { body } = await put(api, { units: 'all', seconds: 5 });
  expect(Object(body).accepted.map(({ client_id }: { client_id: string }) => client_id)).toEqual(['a', 'b', 'c']);
  await using empty = await serve({ hub: new FakeHub() });
  expect(await put(empty, { units: 'all', seconds: 5 })).toMatchObject({
    status: 202,
    body: { accepted: [], refused: [] },
  });
});

test('the audit log says once of how many', async () => {
  await using api = await serve({ hub: new FakeHub(...three) });
  await put(api, { units: ['a', 'b'], seconds: 5 });
  await put(api, { units: 'all', seconds: 7 });
  expect(api.access.audit(10)).toMatchObject([
    { action: 'intervals-set', target: '', details: { units: 2, seconds: 5 } },
    { action: 'intervals-set', target: '', details: { units: 'all', seconds: 7 } },
  ]);
});

test('ten thousand units fit into a request, and one more does not', async () => {
  await using api = await serve({ hub: new FakeHub(...three) });
  const units = Array.from({ length: 10_001 }, (_, index) => `u${index}`.padEnd(24, '-'));
  const { status, body } = await put(api, { units: units.slice(1), seconds: 5 });
  expect([status, Object(body).refused.length]).toEqual([202, 10_000]);
  expect(await put(api, { units, seconds: 5 })).toMatchObject({ status: 400, problem: 'bad-request' });
  expect(await put(api, { units: ['x'.repeat(600_000)], seconds: 5 })).toMatchObject({ status: 413 });
});

test.each([
  ['no units', { seconds: 5 }, '#/units'],
  ['an empty list', { units: [], seconds: 5 }, '#/units'],
  ['another word', { units: 'some', seconds: 5 }, '#/units'],
  ['an interval that is too short', { units: 'all', seconds: 0.05 }, '#/seconds'],
  ['an interval that is too fine', { units: 'all', seconds: 0.5004 }, '#/seconds'],
  ['more than is known', { units: 'all', seconds: 5, unit: 'x' }, '#/unit'],
])('a body with %s is refused, and says where', async (_, sent, pointer) => {
  await using api = await serve({ hub: new FakeHub(...three) });
  const { status, body } = await put(api, sent);
  expect([status, Object(body).errors.map((fault: { pointer: string }) => fault.pointer)]).toEqual([
    400,
    expect.arrayContaining([pointer]),
  ]);
  expect(api.hub.asked).toEqual([]);
});

test('a store that took some of them is said of the others, and one that took none is a 503 problem', async () => {
  await using api = await serve({ hub: new FakeHub(...three) });
  const unit = unitView({ client_id: 'a' });
  api.hub.outcome = async (clientId) =>
    clientId === 'a' ? { type: 'accepted', unit, rev: 2 } : { type: 'store-unavailable' };
  const { status, body } = await put(api, { units: ['a', 'b'], seconds: 5 });
  expect([status, body]).toMatchObject([
    202,
    { accepted: [{ client_id: 'a' }], refused: [{ client_id: 'b', problem: 'store-unavailable' }] },
  ]);
  expect(await put(api, { units: ['b', 'c'], seconds: 5 })).toMatchObject({
    status: 503,
    problem: 'store-unavailable',
  });
});

test('a store that does not answer is a 503 problem after a bound', async () => {
  const clock = new ManualClock();
  await using api = await serve({ clock, hub: new FakeHub(...three) });
  api.hub.outcome = () => new Promise(() => undefined);
  const answered = put(api, { units: 'all', seconds: 5 });
  await until(() => api.hub.asked.length === 3, 'the wishes at the fleet');
  clock.pass(10_000);
  expect(await answered).toMatchObject({ status: 503, problem: 'answer-timeout' });
});
