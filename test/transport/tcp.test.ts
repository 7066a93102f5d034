import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { dialTcp, listenTcp, type Listener } from '../../src/transport/tcp.ts';
import type { Link } from '../../src/transport/link.ts';

const listeners: Listener[] = [];
const links: Link[] = [];

afterEach(async () => {
  for (const link of links.splice(0)) link.destroy();
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

async function pair(host: string): Promise<{ here: Link; there: Link }> {
  const accepted = Promise.withResolvers<Link>();
  const listener = await listenTcp({ host, port: 0 }, (link) => {
    accepted.resolve(link);
  });
  listeners.push(listener);
  const dialled = Promise.withResolvers<Link>();
  dialTcp({ host, port: listener.port })({
    connected: (link) => {
      dialled.resolve(link);
    },
    failed: (reason) => {
      dialled.reject(new Error(reason));
    },
  });
  const here = await dialled.promise;
  const there = await accepted.promise;
  links.push(here, there);
  return { here, there };
}

/** What happens on a link, as words. */
function watch(link: Link): { next: () => Promise<string> } {
  const happened: string[] = [];
  const waiting: ((word: string) => void)[] = [];
  const tell = (word: string): void => {
    const next = waiting.shift();
    if (next === undefined) happened.push(word);
    else next(word);
  };
  link.listen({
    data: (bytes) => {
      tell(new TextDecoder().decode(bytes));
    },
    drained: () => {
      tell('drained');
    },
    ended: () => {
      tell('ended');
    },
    closed: (reason) => {
      tell(`closed ${reason}`);
    },
  });
  return {
    next: () => {
      const word = happened.shift();
      return word === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(word);
    },
  };
}

test.each(['127.0.0.1', '::1'])('both sides know their addresses and talk, on %s', async (host) => {
  const { here, there } = await pair(host);
  expect([here.peerAddress, there.localAddress, there.peerAddress]).toEqual([host, host, host]);
  expect([there.localPort, there.peerPort]).toEqual([here.peerPort, here.localPort]);
  const heard = watch(there);
  watch(here);
  here.write(new TextEncoder().encode('hello'));
  expect(await heard.next()).toBe('hello');
});

test('an IPv4 peer of a dual-stack listener has a plain IPv4 address', async () => {
  const accepted = Promise.withResolvers<Link>();
  const listener = await listenTcp({ host: '::', port: 0 }, (link) => {
    accepted.resolve(link);
  });
  listeners.push(listener);
  dialTcp({ host: '127.0.0.1', port: listener.port })({
    connected: (link) => {
      links.push(link);
    },
    failed: (reason) => {
      accepted.reject(new Error(reason));
    },
  });
  const link = await accepted.promise;
  links.push(link);
  expect([link.peerAddress, link.localAddress]).toEqual(['127.0.0.1', '127.0.0.1']);
});

test('a half-closed link still carries the other way', async () => {
  const { here, there } = await pair('127.0.0.1');
  const heardThere = watch(there);
  const heardHere = watch(here);
  here.end();
  expect(await heardThere.next()).toBe('ended');
  there.write(new TextEncoder().encode('last words'));
  expect(await heardHere.next()).toBe('last words');
});

test('a connection that the peer has reset is gone for that reason', async () => {
  const accepted = Promise.withResolvers<Link>();
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, (link) => {
    accepted.resolve(link);
  });
  listeners.push(listener);
  const socket = connect({ host: '127.0.0.1', port: listener.port });
  const link = await accepted.promise;
  links.push(link);
  const heard = watch(link);
  socket.write('hello');
  expect(await heard.next()).toBe('hello');
  socket.resetAndDestroy();
  expect(await heard.next()).toContain('ECONNRESET');
});

test('a write that is queued says so, and then that it has drained', async () => {
  const { here, there } = await pair('127.0.0.1');
  const heard = watch(here);
  watch(there);
  there.pause();
  const bytes = new Uint8Array(65_536);
  let writes = 1;
  while (here.write(bytes)) writes += 1;
  there.resume();
  expect(await heard.next()).toBe('drained');
  expect(writes).toBeGreaterThan(0);
});

test('a port on which nobody listens is told with the reason', async () => {
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, () => undefined);
  const { port } = listener;
  await listener.close();
  const reason = await new Promise<string>((resolve) => {
    dialTcp({ host: '127.0.0.1', port })({ connected: () => undefined, failed: resolve });
  });
  expect(reason).toContain('ECONNREFUSED');
});

test('a dial that was given up tells nothing', async () => {
  const outcomes: string[] = [];
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, (link) => links.push(link));
  listeners.push(listener);
  const giveUp = dialTcp({ host: '127.0.0.1', port: listener.port })({
    connected: () => outcomes.push('connected'),
    failed: (reason) => outcomes.push(reason),
  });
  giveUp();
  // The next dial is through after whatever became of the first.
  await pair('127.0.0.1');
  expect(outcomes).toEqual([]);
});
