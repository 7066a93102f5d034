import { expect, test } from 'vitest';
import { ClockOffset } from '../../src/server/clock-offset.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { PlayedConnection, PlayedServer } from './played-server.ts';

test('the offset is that of the least delayed of the last readings', () => {
  const offset = new ClockOffset(undefined);
  expect(offset.ms).toBeNull();
  expect(offset.sample(50_000, 45_000)).toBe(false);
  expect(offset.ms).toBe(5_000);
  expect(offset.sample(50_000, 44_900)).toBe(false);
  // Held up on the way.
  for (let index = 0; index < 13; index += 1) expect(offset.sample(50_000, 80_000)).toBe(false);
  expect(offset.sample(50_000, 80_000)).toBe(true);
  expect(offset.shownMs).toBe(5_100);
});

test('up to 2 s it is none, and a change of less than 1 s is no news', () => {
  const offset = new ClockOffset(undefined);
  const window = (ms: number): boolean =>
    Array.from({ length: 16 }, () => offset.sample(ms, 0)).some((isNews) => isNews);
  expect(window(-2_000)).toBe(false);
  expect([offset.ms, offset.shownMs]).toEqual([-2_000, 0]);
  expect(window(3_000)).toBe(true);
  expect(window(3_900)).toBe(false);
  expect(window(4_000)).toBe(true);
  expect(offset.shownMs).toBe(4_000);
  // Two windows are looked at.
  expect(window(0)).toBe(true);
  expect(offset.shownMs).toBe(0);
});

test('a clock of 1970 is told once and shown, its readings are kept, and the next server knows', async () => {
  const store = new MemoryStore();
  const server = new PlayedServer(store);
  const connection = new PlayedConnection(server);
  const id = await connection.register('e1');
  await connection.rounds(10, 400);
  const offsetMs = 160_000 - server.clock.wallMs();
  expect(server.told('clock-off')).toMatchObject([{ client_id: id, offset_ms: offsetMs }, {}]);
  expect(server.hub.unit(id)?.clock_offset_ms).toBe(400_000 - server.clock.wallMs());
  const next = await PlayedServer.over(store);
  expect(next.hub.unit(id)?.clock_offset_ms).toBe(320_000 - server.clock.wallMs());
  const times: number[] = [];
  for await (const { reading } of store.query({ clientId: id, fromMs: 0, toMs: 1e9 })) times.push(reading.time);
  expect(times).toHaveLength(40);
});

test('a backlog says nothing of the clock, and a clock that is set right is told', async () => {
  const server = new PlayedServer();
  const connection = new PlayedConnection(server);
  const id = await connection.register('e1');
  const now = server.clock.wallMs() / 1000;
  for (let index = 0; index < 40; index += 1) await connection.round(10 + index, ['cpu'], 'e0');
  expect(server.hub.unit(id)?.clock_offset_ms).toBeNull();
  for (let index = 0; index < 16; index += 1) await connection.round(now + 100 + index / 1000);
  expect(server.hub.unit(id)?.clock_offset_ms).toBe(100_015);
  for (let index = 0; index < 32; index += 1) await connection.round(now + index / 1000);
  expect(server.hub.unit(id)?.clock_offset_ms).toBe(0);
  expect(server.told('clock-off')).toHaveLength(1);
  expect(server.told('clock-right')).toHaveLength(1);
});

test('two machines of one identity are told of with the way out, and readings of both are stored', async () => {
  const store = new MemoryStore();
  const server = new PlayedServer(store);
  const id = await new PlayedConnection(server, '192.0.2.1').register('e1');
  for (let turn = 0; turn < 5; turn += 1) {
    server.clock.pass(5_000);
    const connection = new PlayedConnection(server, turn % 2 === 0 ? '192.0.2.2' : '192.0.2.1');
    expect(await connection.register(`e${turn}`, id)).toBe(id);
    expect(server.told('duplicate-identity')).toHaveLength(Math.max(0, turn - 2));
    await connection.round(10 + turn);
  }
  expect(server.told('duplicate-identity')[0]).toMatchObject({
    client_id: id,
    peer: '192.0.2.1:4000',
    other: '192.0.2.2',
    reason: expect.stringContaining('delete its state folder'),
  });
  const stored: number[] = [];
  for await (const { reading } of store.query({ clientId: id, fromMs: 0, toMs: 1e9 })) stored.push(reading.time);
  expect(stored).toEqual([10_000, 11_000, 12_000, 13_000, 14_000]);
});

test('a machine that takes over from itself, or three times in a minute, is no duplicate', async () => {
  const server = new PlayedServer();
  const id = await new PlayedConnection(server).register('e1');
  for (let turn = 0; turn < 9; turn += 1) await new PlayedConnection(server).register('e1', id);
  for (let turn = 0; turn < 9; turn += 1) {
    server.clock.pass(20_000);
    await new PlayedConnection(server, `192.0.2.${turn % 2}`).register('e1', id);
  }
  expect(server.told('duplicate-identity')).toEqual([]);
});
