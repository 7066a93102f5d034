import { expect, test } from 'vitest';
import { serverLimits } from '../../src/core/limits.ts';
import { SeriesRoster } from '../../src/server/series-roster.ts';
import { join, outcomeOf } from './played-machine.ts';
import { PlayedConnection, PlayedServer } from './played-server.ts';

async function register(server: PlayedServer, address: string, name = 'u'): Promise<string> {
  const connection = new PlayedConnection(server, address);
  connection.say({ name });
  return outcomeOf(connection);
}

test('an address registers as often in a minute as it may, and others go on', async () => {
  const server = new PlayedServer();
  server.limits = { ...serverLimits, registrationsPerMinuteMax: 6 };
  for (let count = 0; count < 6; count += 1) expect(await register(server, '192.0.2.7')).toBe('unit-1');
  expect(await register(server, '192.0.2.7')).toBe('too-many');
  expect(await register(server, '192.0.2.8')).toBe('unit-2');
  server.clock.pass(9_999);
  expect(await register(server, '192.0.2.7')).toBe('too-many');
  server.clock.pass(1);
  expect(await register(server, '192.0.2.7')).toBe('unit-1');
  // As after SIGHUP.
  server.limits = { ...serverLimits, registrationsPerMinuteMax: 7 };
  expect(await register(server, '192.0.2.7')).toBe('unit-1');
});

test('loopback is counted only where it is asked for', async () => {
  const server = new PlayedServer();
  server.limits = { ...serverLimits, registrationsPerMinuteMax: 1 };
  for (let count = 0; count < 3; count += 1) expect(await register(server, '127.0.0.9')).toBe('unit-1');
  server.limits = { ...server.limits, loopbackToo: true };
  expect(await register(server, '127.0.0.9')).toBe('unit-1');
  expect(await register(server, '127.0.0.9')).toBe('too-many');
});

test('a unit beyond those that there may be is refused, with a key or without, and known ones are served', async () => {
  const server = new PlayedServer();
  server.limits = { ...serverLimits, unitsMax: 2 };
  const first = await register(server, '192.0.2.1');
  const second = await join({ server, secret: 'a' }, { name: 'keyed' });
  expect(await register(server, '192.0.2.3')).toBe('too-many');
  expect(await join({ server, secret: 'b' }, { name: 'another' })).toBe('too-many');
  expect(await server.store.machines()).toHaveLength(1);
  expect(await register(server, '192.0.2.1')).toBe(first);
  expect(await join({ server, secret: 'a' }, { name: 'keyed' })).toBe(second);
});

test('a reading of a series beyond those that a unit may have is refused with words, and those before it are taken', async () => {
  const server = new PlayedServer();
  server.limits = { ...serverLimits, seriesMax: 2 };
  const connection = new PlayedConnection(server);
  await connection.register('e1');
  const registered = connection.inputs.find((input) => input.type === 'registered')?.registered;
  const refusal = (id: string): string | undefined =>
    registered?.judge?.refusal({ sensor: 'disk', id, time: 1, epoch: 'e1', seq: 1, values: {} });
  expect(['a', 'b', 'a', 'c', 'b'].map((id) => refusal(id)?.slice(0, 20))).toEqual([
    undefined,
    undefined,
    undefined,
    'the unit has 2 serie',
    undefined,
  ]);
});

test('a reading of version 1 beyond the series that a unit may have is left out and told, and the rest is stored', async () => {
  const server = new PlayedServer();
  server.limits = { ...serverLimits, seriesMax: 1 };
  const connection = new PlayedConnection(server);
  connection.say({ v: 1, epoch: undefined });
  await outcomeOf(connection);
  const readings = ['cpu', 'disk'].map((sensor) => ({ sensor, values: { ratio: 1 } }));
  connection.perform({ type: 'store-v1', readings, others: [] });
  await expect.poll(() => Object.keys(server.hub.unit('unit-1')?.latest ?? {})).toEqual(['cpu']);
  expect(server.told('bad-reading')).toMatchObject([{ unit: 'u', reason: expect.stringContaining('1 series') }]);
});

test('a roster counts each series once, in whatever order they come, and few or many', () => {
  for (const seriesMax of [3, 200]) {
    const roster = new SeriesRoster();
    const series = Array.from({ length: seriesMax }, (_, index) => ({
      sensor: 'disk',
      id: index === 0 ? undefined : `${index}`,
    }));
    for (const order of [series, series.toReversed(), series]) {
      for (const one of order) expect(roster.takes(one, seriesMax)).toBe(true);
    }
    expect(roster.size).toBe(seriesMax);
    expect(roster.takes({ sensor: 'disk', id: 'more' }, seriesMax)).toBe(false);
    expect(roster.takes({ sensor: 'ram', id: undefined }, seriesMax)).toBe(false);
    expect(roster.takes({ sensor: 'disk', id: 'more' }, seriesMax + 1)).toBe(true);
  }
});
