import { describe, expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import type { Batch } from '../../src/store/contract.ts';
import { EventBook } from '../../src/server/event-book.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { StillClock } from '../store/still-clock.ts';
import { FailingStore } from './failing-store.ts';
import { PlayedConnection, PlayedServer, turn } from './played-server.ts';

async function turns(): Promise<void> {
  for (let count = 0; count < 6; count += 1) await turn();
}

/** The names of what the store has of a unit. */
async function storedOf(server: PlayedServer, id: string): Promise<string[]> {
  return (await server.store.events(id, 0, Number.MAX_VALUE)).map(({ event }) => event);
}

async function toldOf(server: PlayedServer, id: string): Promise<string[]> {
  return ((await server.hub.events(id, 0, Number.MAX_VALUE)) ?? []).map(({ event }) => event);
}

test('what happens to a unit is stored as the log has it, but for the unit itself', async () => {
  const server = new PlayedServer();
  const connection = new PlayedConnection(server);
  const id = await connection.register('e1');
  await server.hub.setInterval(id, 5);
  connection.perform({ type: 'confirmed', revision: { rev: 2, seconds: 5 }, tcpOnly: false });
  await server.hub.setTags(id, { place: 'roof' });
  await connection.lose();
  const timeMs = server.clock.wallMs();
  server.clock.pass(1_000);
  await turns();
  expect(await server.store.events(id, 0, Number.MAX_VALUE)).toEqual([
    {
      clientId: id,
      timeMs,
      event: 'registered',
      details: { peer: '192.0.2.7', v: 2, ip: '192.0.2.7', port: 0, interval: 10, rev: 1 },
    },
    { clientId: id, timeMs, event: 'interval-wanted', details: { interval: 5, rev: 2 } },
    { clientId: id, timeMs, event: 'interval-confirmed', details: { peer: '192.0.2.7:4000', interval: 5, rev: 2 } },
    { clientId: id, timeMs, event: 'tags-changed', details: { tags: 'place=roof', former: '' } },
    { clientId: id, timeMs, event: 'lost', details: { peer: '192.0.2.7:4000', reason: 'the connection broke' } },
  ]);
});

test('what passes by itself, what comes with each round, and what is of no unit is not kept', async () => {
  const server = new PlayedServer();
  const connection = new PlayedConnection(server);
  const id = await connection.register('e1');
  connection.perform({ type: 'state', state: 'late', reason: 'silent' });
  connection.perform({ type: 'state', state: 'online', reason: 'sends again' });
  connection.perform({ type: 'refusal', code: 'bad-reading', words: 'no number' });
  await connection.round(1);
  server.hub.feed.report('info', 'registered', { unit: 'x' });
  server.clock.pass(1_000);
  await turns();
  expect(await storedOf(server, id)).toEqual(['registered']);
});

test('what a second brings is stored together, with a commit of its own where there is no other', async () => {
  const server = new PlayedServer();
  const connection = new PlayedConnection(server);
  const id = await connection.register('e1');
  await turns();
  const commits = server.hub.counts().commitsStored;
  server.clock.pass(999);
  await turns();
  expect([server.hub.counts().commitsStored, await storedOf(server, id)]).toEqual([commits, []]);
  server.clock.pass(1);
  await turns();
  expect([server.hub.counts().commitsStored, await storedOf(server, id)]).toEqual([commits + 1, ['registered']]);
  await server.hub.setInterval(id, 5);
  const before = server.hub.counts().commitsStored;
  await connection.round(1);
  server.clock.pass(5_000);
  await turns();
  expect([server.hub.counts().commitsStored, await storedOf(server, id)]).toEqual([
    before + 2,
    ['registered', 'interval-wanted'],
  ]);
});

test('what is not stored yet is told as well, once, within the bounds, and in order', async () => {
  const server = new PlayedServer();
  const connection = new PlayedConnection(server);
  const id = await connection.register('e1');
  expect([await storedOf(server, id), await toldOf(server, id)]).toEqual([[], ['registered']]);
  server.clock.pass(1_000);
  await turns();
  await server.hub.setInterval(id, 5);
  expect([await storedOf(server, id), await toldOf(server, id)]).toEqual([
    ['registered'],
    ['registered', 'interval-wanted'],
  ]);
  const nowMs = server.clock.wallMs();
  expect(await server.hub.events(id, nowMs + 1, Number.MAX_VALUE)).toEqual([]);
  expect((await server.hub.events(id, 0, nowMs))?.map(({ event }) => event)).toEqual(['registered']);
  expect(await server.hub.events('nobody', 0, nowMs)).toBeUndefined();
});

test('what happens while the server leaves is stored before it has left', async () => {
  const server = new PlayedServer();
  const connection = new PlayedConnection(server);
  const id = await connection.register('e1');
  const gone = server.hub.shutDown();
  await connection.leave();
  await gone;
  expect(await storedOf(server, id)).toEqual(['registered', 'disconnected']);
  server.hub.feed.report('info', 'machine-revoked', { unit: 'u', client_id: id });
  await turns();
  expect(await storedOf(server, id)).toEqual(['registered', 'disconnected', 'machine-revoked']);
  expect(server.clock.timers).toBe(0);
});

describe('a store that does not take what happened', () => {
  test.each(['before', 'after'] as const)('has it once when it takes it again, though it failed %s', async (fails) => {
    const store = new FailingStore();
    const server = new PlayedServer(store);
    const connection = new PlayedConnection(server);
    const id = await connection.register('e1');
    store.fails = fails;
    expect(await server.hub.setInterval(id, 5)).toEqual({ type: 'store-unavailable' });
    expect(await toldOf(server, id)).toEqual(['registered']);
    await connection.lose();
    server.clock.pass(1_000);
    await turns();
    store.fails = 'no';
    await new PlayedConnection(server, '192.0.2.8').register('e1');
    await turns();
    expect(await storedOf(server, id)).toEqual(['registered', 'lost']);
    server.clock.pass(10_000);
    await turns();
    expect(await storedOf(server, id)).toEqual(['registered', 'lost']);
  });
});

describe('of one unit', () => {
  test('60 events a minute are kept, the others are counted, and that is said once a minute', async () => {
    const server = new PlayedServer();
    const id = await new PlayedConnection(server).register('e1');
    const lose = (count: number, clientId = id): void => {
      for (let index = 0; index < count; index += 1)
        server.hub.feed.report('warn', 'lost', { client_id: clientId, reason: `no ${index}` });
    };
    lose(100);
    lose(10, 'another');
    server.clock.pass(60_000);
    await turns();
    expect((await storedOf(server, id)).length).toBe(60);
    expect((await storedOf(server, 'another')).length).toBe(10);
    lose(61);
    server.clock.pass(1_000);
    await turns();
    expect((await storedOf(server, id)).length).toBe(120);
    // The first of 41, and the 40 others with the first of the next minute.
    expect(server.told('events-dropped')).toEqual([{ count: 1 }, { count: 41 }]);
  });

  test('one line a minute that is no reading is kept, beside the rest, and nothing is said of the others', async () => {
    const server = new PlayedServer();
    const id = await new PlayedConnection(server).register('e1');
    for (const text of ['one', 'two']) server.hub.feed.report('info', 'text', { unit: 'u', client_id: id, text });
    server.clock.pass(60_000);
    await turns();
    server.hub.feed.report('info', 'text', { unit: 'u', client_id: id, text: 'three' });
    server.clock.pass(1_000);
    await turns();
    const texts = (await server.store.events(id, 0, Number.MAX_VALUE)).map(({ details }) => details['text']);
    expect(texts).toEqual([undefined, 'one', 'three']);
    expect(server.told('events-dropped')).toEqual([]);
  });
});

test('a store that takes nothing for long costs the oldest of what waits for it', () => {
  const clock = new StillClock();
  const said: unknown[] = [];
  const book = new EventBook({
    clock,
    report: (_, event, fields) => void said.push([event, fields]),
    commit: () => undefined,
  });
  const happen = (count: number, unit: string): void => {
    for (let index = 0; index < count; index += 1) {
      const fields = { client_id: `${unit}${index}` };
      book.event({ timeMs: index, level: 'warn', event: 'lost', fields });
    }
  };
  happen(30_000, 'a');
  expect(book.changes()).toEqual([]);
  clock.pass(1_000);
  expect(book.changes()).toHaveLength(30_000);
  // With the commit that is under way, and not known to be stored.
  expect(book.unstored('a7', 0, 8)).toHaveLength(1);
  happen(2_770, 'b');
  book.failed();
  clock.pass(60_000);
  happen(1, 'c');
  const waiting = book.changes();
  expect([waiting.length, waiting[0]?.clientId, waiting.at(-1)?.clientId]).toEqual([32_768, 'a3', 'c0']);
  expect(said).toEqual([
    ['events-dropped', { count: 1 }],
    ['events-dropped', { count: 2 }],
  ]);
  book.stored();
  expect(book.changes()).toEqual([]);
});

test('a commit without events says nothing of them to the store', async () => {
  const batches: Batch[] = [];
  const store = new MemoryStore();
  const append = store.append.bind(store);
  store.append = (batch) => {
    batches.push(batch);
    return append(batch);
  };
  const server = new PlayedServer(store);
  const connection = new PlayedConnection(server);
  await connection.register('e1');
  await connection.round(1);
  await connection.round(2);
  server.clock.pass(1_000);
  await turns();
  expect(batches.map(({ events }) => events?.length)).toEqual([undefined, undefined, undefined, 1]);
});

test('of what is stored and what is not yet, no more is told than is kept of a unit', async () => {
  const server = new PlayedServer();
  const id = await new PlayedConnection(server).register('e1');
  const old = Array.from({ length: limits.eventsAUnitMax }, (_, timeMs) => ({
    clientId: id,
    timeMs,
    event: 'lost',
    details: {},
  }));
  await server.store.append({ units: [], readings: [], events: old });
  const told = (await server.hub.events(id, 0, Number.MAX_VALUE)) ?? [];
  expect([told.length, told[0]?.timeMs, told.at(-1)?.event]).toEqual([limits.eventsAUnitMax, 1, 'registered']);
});
