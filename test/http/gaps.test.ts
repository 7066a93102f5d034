import { expect, test } from 'vitest';
import { gapRecord, keeping } from '../store/samples.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { FakeHub, serve, startMs, unitView } from './fake-hub.ts';

const id = 'Yw1l0Ck3aT8mQ2vN5xR7sA';

/** A hub whose unit was cut off and then off for an hour, and has lost a disk. */
async function hubWithGaps(): Promise<FakeHub> {
  const store = new MemoryStore();
  const hour = { fromMs: startMs, filledMs: startMs + 600_000, toMs: startMs + 3_600_000 };
  const disk = { reason: 'sensor-gone', sensor: 'disk', id: '/mnt', toMs: undefined } as const;
  const since = startMs + 7_200_000;
  const gaps = keeping(
    gapRecord(1, { clientId: id, ...hour }),
    gapRecord(2, { clientId: id, ...disk, fromMs: since, filledMs: since }),
    gapRecord(3, { clientId: id, reason: 'spool-dropped', fromMs: since, filledMs: since, toMs: since + 1, count: 7 }),
  );
  await store.append({ units: [], readings: [], gaps });
  const hub = new FakeHub(unitView());
  hub.missing = store;
  return hub;
}

test('gaps say from when to when and why, and a part that came later is one of its own', async () => {
  await using api = await serve({ hub: await hubWithGaps() });
  const response = await fetch(`${api.url}/api/v1/units/${id}/gaps`);
  expect([response.status, await response.json()]).toEqual([
    200,
    [
      { reason: 'link-down', from: '2026-11-21T10:00:00.000Z', to: '2026-11-21T10:10:00.000Z' },
      { reason: 'host-off', from: '2026-11-21T10:10:00.000Z', to: '2026-11-21T11:00:00.000Z' },
      { reason: 'sensor-gone', sensor: 'disk', id: '/mnt', from: '2026-11-21T12:00:00.000Z', to: null },
      { reason: 'spool-dropped', from: '2026-11-21T12:00:00.000Z', to: '2026-11-21T12:00:00.001Z', count: 7 },
    ],
  ]);
});

test('gaps that end before `from`, or begin at `to` or later, are left out', async () => {
  await using api = await serve({ hub: await hubWithGaps() });
  const reasons = async (query: string): Promise<string[]> => {
    const response = await fetch(`${api.url}/api/v1/units/${id}/gaps?${query}`);
    const gaps = (await response.json()) as { reason: string }[];
    return gaps.map(({ reason }) => reason);
  };
  expect(await reasons(`to=${startMs}`)).toEqual([]);
  expect(await reasons('to=2026-11-21T11:30:00Z')).toEqual(['link-down', 'host-off']);
  expect(await reasons('from=2026-11-21T13:00:00Z')).toEqual(['sensor-gone']);
});

test.each([
  ['nobody/gaps', 404, 'no-such-unit'],
  [`${id}/gaps?from=yesterday`, 400, 'bad-request'],
  [`${id}/gaps?from=2000&to=1000`, 400, 'bad-request'],
  [`${id}/gaps?since=1000`, 400, 'bad-request'],
])('%s is refused with %i %s', async (path, status, problem) => {
  await using api = await serve({ hub: await hubWithGaps() });
  const response = await fetch(`${api.url}/api/v1/units/${path}`);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ type: `urn:telemetry-hub:problem:${problem}` });
});

test('a store that cannot be read is said', async () => {
  const hub = await hubWithGaps();
  hub.missing = { gaps: () => Promise.reject(new Error('broken')) };
  await using api = await serve({ hub });
  const response = await fetch(`${api.url}/api/v1/units/${id}/gaps`);
  expect([response.status, Object(await response.json()).type]).toEqual([
    503,
    'urn:telemetry-hub:problem:store-unavailable',
  ]);
});
