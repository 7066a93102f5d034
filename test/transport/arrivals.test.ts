import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Arrivals } from '../../src/transport/arrivals.ts';
import type { LinkEvents } from '../../src/transport/link.ts';

/** Two connections, and what their listeners are told. */
function connections(): { readonly a: LinkEvents; readonly b: LinkEvents; readonly seen: readonly string[] } {
  const seen: string[] = [];
  const arrivals = new Arrivals();
  const listener = (name: string): LinkEvents => ({
    data: (bytes) => void seen.push(`${name} ${bytes[0]}`),
    drained: () => void seen.push(`${name} drained`),
    ended: () => void seen.push(`${name} ended`),
    closed: (reason) => void seen.push(`${name} closed: ${reason}`),
  });
  return { a: before(listener('a'), arrivals), b: before(listener('b'), arrivals), seen };
}

/** A connection whose listener is told by way of `arrivals`. */
function before(events: LinkEvents, arrivals: Arrivals): LinkEvents {
  return {
    data: (bytes) => arrivals.data(events, bytes),
    drained: () => arrivals.drained(events),
    ended: () => arrivals.ended(events),
    closed: (reason) => arrivals.closed(events, reason),
  };
}

test('what arrives in one turn is handed on once it is over, in its order', async () => {
  const { a, b, seen } = connections();
  a.data(Uint8Array.of(1));
  b.data(Uint8Array.of(2));
  a.data(Uint8Array.of(3));
  expect(seen).toEqual([]);
  await setImmediate();
  expect(seen).toEqual(['a 1', 'b 2', 'a 3']);
});

test.each([
  ['drained', (link: LinkEvents) => link.drained()],
  ['ended', (link: LinkEvents) => link.ended()],
  ['closed: reset', (link: LinkEvents) => link.closed('reset')],
] as const)('what a connection sent is handed on before %s, and once', async (event, happen) => {
  const { a, seen } = connections();
  a.data(Uint8Array.of(1));
  happen(a);
  a.data(Uint8Array.of(2));
  await setImmediate();
  expect(seen).toEqual(['a 1', `a ${event}`, 'a 2']);
});

test('many chunks do not wait for the turn to end', () => {
  const { a, seen } = connections();
  for (let chunk = 0; chunk < 130; chunk += 1) a.data(Uint8Array.of(chunk));
  expect(seen).toHaveLength(128);
});

test('more than 64 KiB do not wait for the turn to end, and what comes after them does', async () => {
  const { a, b, seen } = connections();
  a.data(new Uint8Array(65_535));
  expect(seen).toEqual([]);
  b.data(Uint8Array.of(1));
  expect(seen).toEqual(['a 0', 'b 1']);
  b.data(Uint8Array.of(2));
  expect(seen).toHaveLength(2);
  await setImmediate();
  expect(seen).toEqual(['a 0', 'b 1', 'b 2']);
});

test('who watches the turns is told when all is handed on, and again when what that led to is done', async () => {
  const told: string[] = [];
  const arrivals = new Arrivals({
    turnHandled: () => {
      told.push('handled');
      void Promise.resolve().then(() => told.push('led to'));
    },
    turnOver: () => void told.push('over'),
  });
  const events = {
    data: () => void told.push('data'),
    drained: () => undefined,
    ended: () => undefined,
    closed: () => undefined,
  };
  for (let turn = 0; turn < 2; turn += 1) {
    const link = before(events, arrivals);
    link.data(Uint8Array.of(1));
    link.data(Uint8Array.of(2));
    await setImmediate();
  }
  const turn = ['data', 'data', 'handled', 'led to', 'over'];
  expect(told).toEqual([...turn, ...turn]);
});

test('a turn in which nothing arrives has an end where somebody says that it has begun', async () => {
  const told: string[] = [];
  const arrivals = new Arrivals({
    turnHandled: () => void told.push('handled'),
    turnOver: () => void told.push('over'),
  });
  arrivals.begin();
  arrivals.begin();
  await setImmediate();
  await setImmediate();
  expect(told).toEqual(['handled', 'over']);
});
