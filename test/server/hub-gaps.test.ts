import { expect, test } from 'vitest';
import type { Batch } from '../../src/store/contract.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { opened } from '../store/opened.ts';
import { PlayedConnection, PlayedServer } from './played-server.ts';

test('a gap is stored with the batch that tells of it, and the API shows what it was', async () => {
  const server = new PlayedServer();
  const first = new PlayedConnection(server);
  const id = await first.register('e1');
  await first.rounds(10, 100);
  expect(await server.gaps(id)).toEqual([]);
  await first.lose();
  expect(await server.gaps(id)).toEqual(['lost 100-']);
  const second = new PlayedConnection(server);
  await second.register('e2');
  await second.round(500);
  expect(await server.gaps(id)).toEqual(['host-off 100-500']);
  await second.rounds(110, 200, ['cpu'], 'e1');
  await second.rounds(360, 490, ['cpu'], 'e1');
  expect(await server.gaps(id)).toEqual(['link-down 100-200', 'host-off 200-360', 'link-down 360-500']);
  await second.leave();
  expect((await server.gaps(id)).at(-1)).toBe('left 500-');
  expect(await server.hub.gaps('nobody', 0, 1e15)).toBeUndefined();
});

test('a server that was killed knows the gaps of the time before and after', async () => {
  const store = new MemoryStore();
  const killed = new PlayedServer(store);
  const first = new PlayedConnection(killed);
  const id = await first.register('e1');
  await first.rounds(10, 100, ['cpu', 'disk']);
  await first.rounds(110, 200, ['cpu']);
  expect(await killed.gaps(id)).toEqual(['sensor-gone disk 100-']);

  const next = await PlayedServer.over(store);
  await expect.poll(() => next.gaps(id)).toEqual(['sensor-gone disk 100-', 'lost 200-']);
  const second = new PlayedConnection(next);
  expect(await second.register('e2', id)).toBe(id);
  await second.round(300, ['cpu']);
  await second.rounds(210, 290, ['cpu'], 'e1');
  await second.round(310, ['cpu', 'disk']);
  expect(await next.gaps(id)).toEqual(['sensor-gone disk 100-310', 'link-down 200-300']);
});

test('a server that was killed while a backlog arrived counts what it had stored of it', async () => {
  const { store, clock } = await opened();
  const killed = new PlayedServer(store, clock);
  const first = new PlayedConnection(killed);
  const id = await first.register('e1');
  await first.rounds(10, 100);
  await first.lose();
  const second = new PlayedConnection(killed);
  await second.register('e2', id);
  await second.round(2_000);
  await second.rounds(110, 450, ['cpu'], 'e1');

  const next = await PlayedServer.over(store, clock);
  const third = new PlayedConnection(next);
  await third.register('e3', id);
  await third.rounds(2_010, 2_020);
  await third.rounds(460, 1_990, ['cpu'], 'e1');
  expect(await next.gaps(id)).toEqual(['link-down 100-2000']);
});

test('a sensor that vanished while no server ran is gone from the last reading before', async () => {
  const store = new MemoryStore();
  const first = new PlayedConnection(new PlayedServer(store));
  const id = await first.register('e1');
  await first.rounds(10, 100, ['cpu', 'disk']);
  const next = await PlayedServer.over(store);
  const second = new PlayedConnection(next);
  await second.register('e2', id);
  await second.rounds(500, 600, ['cpu']);
  expect(await next.gaps(id)).toEqual(['host-off 100-500', 'sensor-gone disk 100-']);
});

test('a gap that could not be stored is stored when the store takes something again', async () => {
  let fails = false;
  class Failing extends MemoryStore {
    override append(batch: Batch): ReturnType<MemoryStore['append']> {
      return fails ? Promise.reject(new Error('the disk is full')) : super.append(batch);
    }
  }
  const server = new PlayedServer(new Failing());
  const first = new PlayedConnection(server);
  const id = await first.register('e1');
  await first.rounds(10, 100);
  fails = true;
  await first.lose();
  expect(await server.gaps(id)).toEqual([]);
  fails = false;
  const second = new PlayedConnection(server);
  await second.register('e2', id);
  await expect.poll(() => server.gaps(id)).toEqual(['lost 100-']);
});

test('what the client could not keep is a gap, whether it tells of it live or in its backlog', async () => {
  const server = new PlayedServer();
  const connection = new PlayedConnection(server);
  const id = await connection.register('e1');
  await connection.rounds(10, 100);
  const told = { time: 101_000, sensor: 'agent', source: 'spool full' };
  const dropped = (from: number, to: number): Record<string, number> => ({
    backlog: 9,
    dropped: 4,
    dropped_from: from * 1000,
    dropped_to: to * 1000,
  });
  connection.store({ ...told, epoch: 'e1', seq: 11, values: dropped(20, 30) });
  connection.store({ ...told, epoch: 'e0', seq: 1, values: dropped(60, 70) });
  // No times at all.
  connection.store({ ...told, epoch: 'e1', seq: 12, values: { ...dropped(80, 70) } });
  connection.store({
    ...told,
    epoch: 'e1',
    seq: 13,
    values: { backlog: 9, dropped: 4, dropped_from: 1e300, dropped_to: 2e300 },
  });
  await connection.round(110);
  expect(await server.gaps(id)).toEqual(['spool-dropped 20-30', 'spool-dropped 60-70']);
});
