import { expect, test } from 'vitest';
import { serverLimits, type ServerLimits } from '../../src/core/limits.ts';
import type { Fields } from '../../src/core/log.ts';
import { Door } from '../../src/transport/door.ts';
import { createManualClock } from '../manual-clock.ts';
import { PlayedLink } from './played-link.ts';

function setUp(given: Partial<ServerLimits> = {}, descriptorsMax?: number) {
  let limits = { ...serverLimits, ...given };
  const told: (readonly [string, Fields | undefined])[] = [];
  const door = new Door({
    limits: () => limits,
    clock: createManualClock(),
    report: (_, event, fields) => void told.push([event, fields]),
    descriptorsMax,
  });
  const knock = (address?: string): boolean => door.admits(new PlayedLink(address));
  const change = (changed: Partial<ServerLimits>): void => {
    limits = { ...limits, ...changed };
  };
  return { door, told, knock, change };
}

test('as many connections as limits.connections are let in, and one more is not', () => {
  const { door, knock, told } = setUp({ connectionsMax: 2 });
  expect([knock('127.0.0.1'), knock('192.0.2.8')]).toEqual([true, true]);
  expect(told).toEqual([]);
  expect([knock('192.0.2.9'), knock('127.0.0.1')]).toEqual([false, false]);
  expect(told[0]).toEqual([
    'connection-refused',
    { peer: '192.0.2.9:40000', reason: '2 are open (limits.connections)' },
  ]);
  door.left('192.0.2.8', false);
  expect([knock('192.0.2.9'), knock('192.0.2.9')]).toEqual([true, false]);
});

test('who is not let in is told too-many in a frame, and closed', () => {
  const { door } = setUp({ connectionsMax: 1 });
  door.admits(new PlayedLink());
  const link = new PlayedLink('2001:db8::7');
  door.admits(link);
  expect(link.written).toBe('42              !FAILtoo-many connections; come back later');
  expect(link.done).toEqual(['ended']);
  link.events?.ended();
  expect(link.isDestroyed).toBe(true);
});

test('as many from one address as limits.connections_per_address are let in, and one more is not, while others are', () => {
  const { knock, told } = setUp({ connectionsPerAddressMax: 2 });
  expect(['192.0.2.7', '192.0.2.7', '192.0.2.7', '192.0.2.8'].map(knock)).toEqual([true, true, false, true]);
  expect(told.map(([, fields]) => fields?.['reason'])).toEqual([
    '2 are open from 192.0.2.7 (limits.connections_per_address)',
  ]);
});

test('addresses of one IPv6 network count as one, those of another do not', () => {
  const { knock, told } = setUp({ connectionsPerAddressMax: 1 });
  expect(['2001:db8::7', '2001:db8::8', '2001:db8:0:1::7'].map(knock)).toEqual([true, false, true]);
  expect(told[0]?.[1]).toEqual({
    peer: '[2001:db8::8]:40000',
    reason: '1 are open from 2001:db8:0:0::/64 (limits.connections_per_address)',
  });
});

test('loopback is not limited by address, unless asked', () => {
  const { knock, change } = setUp({ connectionsPerAddressMax: 1 });
  expect(['127.0.0.1', '127.0.0.1', '::1', '::1'].map(knock)).toEqual([true, true, true, true]);
  change({ loopbackToo: true });
  expect(['127.0.0.1', '::1', '127.0.0.2', '127.0.0.2'].map(knock)).toEqual([false, false, true, false]);
});

test('as many that have not registered as limits.unregistered are let in, and one more is not until one registers or leaves', () => {
  const { door, knock, told } = setUp({ unregisteredMax: 2 });
  expect([knock(), knock(), knock()]).toEqual([true, true, false]);
  expect(told[0]?.[1]?.['reason']).toBe('2 have not registered (limits.unregistered)');
  door.registered();
  expect([knock(), knock()]).toEqual([true, false]);
  door.left('192.0.2.7', true);
  expect(knock()).toBe(false);
  door.left('192.0.2.7', false);
  expect(knock()).toBe(true);
});

test('a limit that changes holds for the next newcomer, and nobody inside is asked to leave', () => {
  const { door, knock, change } = setUp({ connectionsMax: 3 });
  expect([knock(), knock()]).toEqual([true, true]);
  change({ connectionsMax: 1 });
  expect(knock()).toBe(false);
  expect(door.connections).toBe(2);
  change({ connectionsMax: 3 });
  expect([knock(), knock()]).toEqual([true, false]);
});

test.each([
  [600, 300],
  [1_024, 512],
  [1_100, 588],
])('of %i open files %i are for connections', (descriptorsMax, connections) => {
  const { knock, told } = setUp({}, descriptorsMax);
  for (let count = 0; count < connections; count += 1) expect(knock()).toBe(true);
  expect(knock()).toBe(false);
  expect(told[0]?.[1]?.['reason']).toContain('open files');
});

test('an address without connections is forgotten', () => {
  const { door, knock } = setUp();
  knock('192.0.2.7');
  knock('192.0.2.7');
  door.left('192.0.2.7', false);
  expect(door.blocks).toBe(1);
  door.left('192.0.2.7', false);
  expect(door.blocks).toBe(0);
});
