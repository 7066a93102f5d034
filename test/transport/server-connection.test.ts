import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ServerConnection } from '../../src/transport/server-connection.ts';
import { PlayedLink } from './played-link.ts';
import { grant, PlayedServer, readings, registration, wire } from './played-server.ts';

test('a connection that does not register is closed after limits.unregistered_seconds, and not before', () => {
  const server = new PlayedServer({ unregisteredMsMax: 2_000 });
  const link = new PlayedLink();
  const connection = server.accept(link);
  server.clock.advance(1_999);
  expect(link.isDestroyed).toBe(false);
  server.clock.advance(51);
  expect(link.isDestroyed).toBe(true);
  expect(server.closed(connection)).toContain('no registration');
});

test('the time to register is that of the limits when the connection came', () => {
  const server = new PlayedServer({ unregisteredMsMax: 2_000 });
  const [former, latter] = [new PlayedLink(), new PlayedLink()];
  server.accept(former);
  server.change({ unregisteredMsMax: 5_000 });
  server.accept(latter);
  server.clock.advance(2_050);
  expect([former.isDestroyed, latter.isDestroyed]).toEqual([true, false]);
});

test('a connection that has registered stays open, and no longer counts as one that has not', () => {
  const server = new PlayedServer({ unregisteredMsMax: 2_000 });
  const link = new PlayedLink();
  server.accept(link);
  expect(server.door.unregistered).toBe(1);
  link.send(registration);
  expect(server.door.unregistered).toBe(0);
  link.send(readings(1, 2));
  expect([server.door.connections, server.door.unregistered]).toEqual([1, 0]);
  server.clock.advance(2_100);
  expect(link.isDestroyed).toBe(false);
});

test('one that is late and then sends again has registered once', () => {
  const server = new PlayedServer();
  const link = new PlayedLink();
  server.accept(link);
  link.send(registration);
  server.clock.advance(16_000);
  link.send(readings(1, 1));
  const states = server.actions.flatMap(({ action }) => (action.type === 'state' ? [action.state] : []));
  expect(states).toEqual(['online', 'late', 'online']);
  expect([server.door.connections, server.door.unregistered]).toEqual([1, 0]);
});

/** What may happen to one of the connections of a server, by number. */
const happening = fc.oneof(
  fc.record({ type: fc.constant('knock' as const), address: fc.constantFrom('192.0.2.7', '192.0.2.8', '2001:db8::7') }),
  fc.record({
    type: fc.constantFrom(
      'register',
      'half',
      'reading',
      'garbage',
      'leave',
      'ended',
      'closed',
      'blocked',
      'granted',
      'refused',
      'challenged',
      'failed',
      'taken-over',
      'shut-down',
    ),
    which: fc.nat({ max: 7 }),
  }),
  fc.record({ type: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
);

test('however connections come, register and end, those that are open are counted, each once', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const server = new PlayedServer({ connectionsMax: 6, connectionsPerAddressMax: 3, unregisteredMax: 4 });
      server.grants = false;
      const all: { readonly link: PlayedLink; readonly connection: ServerConnection }[] = [];
      const wasOnline = (connection: ServerConnection): boolean =>
        server.actions.some((done) => done.connection === connection && done.action.type === 'state');
      const happen = (type: string, link: PlayedLink, connection: ServerConnection): void => {
        if (type === 'register') link.send(registration);
        if (type === 'half') link.send(registration.slice(0, 30));
        if (type === 'reading') link.send(readings(1, 1));
        if (type === 'garbage') link.send('garbage, and no frame');
        if (type === 'leave') link.send(wire('!DISC'));
        if (type === 'ended') link.events?.ended();
        if (type === 'closed') link.events?.closed('reset');
        if (type === 'blocked') connection.input({ type: 'blocked' });
        if (type === 'granted') grant(connection);
        if (type === 'refused') connection.input({ type: 'refused', code: 'not-allowed', words: 'no' });
        if (type === 'challenged') connection.input({ type: 'challenge', nonce: 'nonce' });
        if (type === 'failed') connection.input({ type: 'store-failed', words: 'no' });
        if (type === 'taken-over') connection.input({ type: 'taken-over' });
        if (type === 'shut-down') connection.input({ type: 'shut-down' });
      };
      for (const one of happenings) {
        if (one.type === 'time') server.clock.advance(one.ms);
        else if (one.type === 'knock') {
          const link = new PlayedLink(one.address);
          const connection = server.accept(link);
          if (connection !== undefined) all.push({ link, connection });
        } else {
          const chosen = all[one.which];
          if (chosen !== undefined) happen(one.type, chosen.link, chosen.connection);
        }
        const open = all.filter(({ connection }) => server.closed(connection) === undefined);
        const blocks = new Set(open.map(({ link }) => link.peerAddress));
        expect(server.door.connections).toBe(open.length);
        expect(server.door.unregistered).toBe(open.filter(({ connection }) => !wasOnline(connection)).length);
        expect(server.door.blocks).toBe(blocks.size);
      }
      // Patience with each of them ends.
      for (const { link } of all) link.events?.closed('reset');
      expect([server.door.connections, server.door.unregistered, server.door.blocks]).toEqual([0, 0, 0]);
    }),
  );
});
