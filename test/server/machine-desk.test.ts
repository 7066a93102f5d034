import { describe, expect, test } from 'vitest';
import { pendingMax, pendingMsMax } from '../../src/server/known-machines.ts';
import { FailingStore } from './failing-store.ts';
import { keyOf } from './played-key.ts';
import { answer, arrive, join, outcomeOf, storedMachine } from './played-machine.ts';
import { PlayedConnection, PlayedServer, turn } from './played-server.ts';

function strict(store?: FailingStore): PlayedServer {
  const server = new PlayedServer(store);
  server.auth = { mode: 'approve', v1: 'loopback' };
  return server;
}

/** The id under which the machine with this secret is listed. */
function idOf(server: PlayedServer, secret: string): string {
  return server.hub.machines.machines().find(({ key }) => key === keyOf(secret))?.client_id ?? '';
}

function states(server: PlayedServer): readonly string[] {
  return server.hub.machines.machines().map(({ name, state }) => `${name} ${state}`);
}

describe('a machine that waits for approval', () => {
  test('is stored before it is told so, has no unit, and is served once an operator approves it', async () => {
    const server = strict();
    expect(await join({ server, secret: 'a' })).toBe('pending');
    const id = idOf(server, 'a');
    expect(await storedMachine(server, 'a')).toBe(`u ${id} pending`);
    expect(server.hub.units()).toEqual([]);
    expect(await server.hub.machines.approve(id)).toMatchObject({
      type: 'done',
      machine: { state: 'approved', name: 'u' },
    });
    expect(await storedMachine(server, 'a')).toBe(`u ${id} approved`);
    expect(await join({ server, secret: 'a' })).toBe(id);
    expect(server.hub.unit(id)).toMatchObject({ name: 'u' });
    expect(server.told('machine-pending')).toMatchObject([{ unit: 'u', key: keyOf('a'), peer: '192.0.2.7' }]);
    expect(server.told('machine-approved')).toMatchObject([{ unit: 'u', client_id: id, key: keyOf('a') }]);
  });

  test('is told of once, and comes back as what it was, in this server and the next', async () => {
    const server = strict();
    for (let attempt = 0; attempt < 3; attempt += 1) expect(await join({ server, secret: 'a' })).toBe('pending');
    expect(server.told('machine-pending')).toHaveLength(1);
    const next = await PlayedServer.over(server.store);
    next.auth = server.auth;
    expect(await join({ server: next, secret: 'a' }, { name: 'v' })).toBe('pending');
    expect(states(next)).toEqual(['v pending']);
    expect(next.told('machine-pending')).toEqual([]);
  });

  test('that could not be stored is told that, and is not listed', async () => {
    const store = new FailingStore();
    const server = strict(store);
    store.fails = 'before';
    expect(await join({ server, secret: 'a' })).toBe('store-unavailable');
    expect(states(server)).toEqual([]);
  });

  test('is one of at most 1,024, and is let go of when it has not come for 7 days', async () => {
    const server = strict();
    const attempt = (index: number): Promise<string> => join({ server, secret: `s${index}`, binding: 'x' });
    await Promise.all(Array.from({ length: pendingMax }, (_, index) => attempt(index)));
    expect(await attempt(pendingMax)).toBe('too-many');
    // Who is known already is told to wait as before.
    server.clock.pass(1_000);
    expect(await attempt(0)).toBe('pending');
    server.clock.pass(pendingMsMax - 1_000);
    expect(await attempt(pendingMax)).toBe('too-many');
    server.clock.pass(1);
    expect(await attempt(pendingMax)).toBe('pending');
    expect(
      server.hub.machines
        .machines()
        .map(({ key }) => key)
        .toSorted(),
    ).toEqual([keyOf('s0'), keyOf(`s${pendingMax}`)].toSorted());
    expect(await server.store.machines()).toHaveLength(2);
  });

  test('gets another name where a unit without a key has it, and not where a key has it', async () => {
    const server = strict();
    server.auth = { mode: 'tofu', v1: 'allow' };
    await new PlayedConnection(server, '192.0.2.50').register('e1');
    const bound = await join({ server, secret: 'bound' }, { name: 'w' });
    server.auth = { mode: 'approve', v1: 'allow' };
    await join({ server, secret: 'a' });
    expect(await server.hub.machines.approve(idOf(server, 'a'))).toMatchObject({ machine: { name: 'u-2' } });
    expect(await join({ server, secret: 'b' }, { name: 'w' })).toBe('not-allowed');
    expect(idOf(server, 'b')).toBe('');
    expect(idOf(server, 'bound')).toBe(bound);
  });

  test('gets the unit that was last seen from where it is, whose connection ends', async () => {
    const server = strict();
    server.auth = { mode: 'tofu', v1: 'allow' };
    const former = new PlayedConnection(server);
    const id = await former.register('e1');
    server.auth = { mode: 'approve', v1: 'allow' };
    await join({ server, secret: 'a' });
    expect(await server.hub.machines.approve(idOf(server, 'a'))).toMatchObject({
      machine: { client_id: id, name: 'u' },
    });
    expect(former.inputs.at(-1)).toMatchObject({ type: 'expelled' });
    expect(await join({ server, secret: 'a' })).toBe(id);
  });

  test('cannot be approved for a name that a key got meanwhile', async () => {
    const server = strict();
    await join({ server, secret: 'a' });
    await join({ server, secret: 'b' });
    await server.hub.machines.approve(idOf(server, 'b'));
    expect(await server.hub.machines.approve(idOf(server, 'a'))).toMatchObject({
      type: 'machine-cannot',
      reason: expect.stringContaining('bound to the key of another machine'),
    });
  });
});

describe('a machine that is revoked', () => {
  test('is disconnected at once, is refused, and nobody else gets its name or its id', async () => {
    const server = new PlayedServer();
    const attempt = { server, secret: 'a' };
    const connection = arrive(attempt, {});
    answer(attempt, connection);
    const id = await outcomeOf(connection);
    const revoked = server.hub.machines.revoke(id);
    expect(connection.inputs.at(-1)).toMatchObject({ type: 'expelled' });
    expect(await revoked).toMatchObject({ type: 'done', machine: { state: 'revoked' } });
    expect(await storedMachine(server, 'a')).toBe(`u ${id} revoked`);
    expect(await join(attempt)).toBe('not-allowed');
    expect(await join({ server, secret: 'b' })).toBe('not-allowed');
    expect(await join({ server, secret: 'b' }, { name: 'v', id })).toBe('not-allowed');
    const next = await PlayedServer.over(server.store);
    expect(await join({ server: next, secret: 'a' })).toBe('not-allowed');
    expect(await next.hub.machines.approve(id)).toMatchObject({ type: 'done' });
    expect(await join({ server: next, secret: 'a' })).toBe(id);
  });

  test('while its registration is being stored is not registered', async () => {
    const server = new PlayedServer();
    const attempt = { server, secret: 'a' };
    const connection = arrive(attempt, {});
    answer(attempt, connection);
    void server.hub.machines.revoke('unit-1');
    expect(connection.inputs.at(-1)).toMatchObject({ type: 'expelled' });
    for (let turns = 0; turns < 9; turns += 1) await turn();
    expect(await storedMachine(server, 'a')).toBe('u unit-1 revoked');
  });
});

describe('a machine that is forgotten', () => {
  test('waits like anybody who asks for its name, until an operator approves one of them, who gets its unit', async () => {
    const server = new PlayedServer();
    const id = await join({ server, secret: 'a' });
    expect(await server.hub.machines.forget(id)).toMatchObject({ type: 'done', machine: { state: 'forgotten' } });
    const made = await server.hub.joinTokens.newToken({ usesMax: 1, expiresMs: server.clock.wallMs() + 1_000 });
    const token = made.type === 'made' ? made.token : '';
    expect(await join({ server, secret: 'a' })).toBe('pending');
    expect(await join({ server, secret: 'a' }, { name: 'v' })).toBe('pending');
    expect(await join({ server, secret: 'b', token })).toBe('pending');
    expect(await join({ server, secret: 'c' }, { name: 'v', id })).toBe('pending');
    expect(server.hub.joinTokens.tokens()).toMatchObject([{ uses: 0 }]);
    const keyless = arrive({ server, secret: '', binding: '-' }, {});
    expect(keyless.inputs).toMatchObject([{ type: 'challenge' }]);
    expect(await server.hub.machines.approve(idOf(server, 'b'))).toMatchObject({
      machine: { client_id: id, name: 'u' },
    });
    expect(await join({ server, secret: 'b' })).toBe(id);
    expect(await join({ server, secret: 'a' })).toBe('not-allowed');
    expect(await storedMachine(server, 'a')).toBeUndefined();
    const next = await PlayedServer.over(server.store);
    expect(await join({ server: next, secret: 'b' })).toBe(id);
  });

  test('is served again where an operator approves it itself', async () => {
    const server = new PlayedServer();
    const id = await join({ server, secret: 'a' });
    await server.hub.machines.forget(id);
    expect(await server.hub.machines.approve(id)).toMatchObject({ type: 'done' });
    expect(await join({ server, secret: 'a' })).toBe(id);
    expect(server.told('machine-forgotten')).toHaveLength(1);
  });

  test('is gone where it only waited', async () => {
    const server = strict();
    await join({ server, secret: 'a' });
    expect(await server.hub.machines.forget(idOf(server, 'a'))).toMatchObject({ type: 'done' });
    expect(states(server)).toEqual([]);
    expect(await server.store.machines()).toEqual([]);
  });
});

describe('a machine that is renamed', () => {
  test('keeps the name though it asks for the former one, which is free then', async () => {
    const server = new PlayedServer();
    const id = await join({ server, secret: 'a' });
    expect(await server.hub.machines.rename(id, 'kitchen')).toMatchObject({
      type: 'done',
      machine: { name: 'kitchen' },
    });
    expect(server.hub.unit(id)?.name).toBe('kitchen');
    expect(await join({ server, secret: 'b' })).not.toBe(id);
    expect(await join({ server, secret: 'a' })).toBe(id);
    expect(states(server)).toEqual(['kitchen approved', 'u approved']);
    const next = await PlayedServer.over(server.store);
    expect(next.hub.unit(id)?.name).toBe('kitchen');
    expect(await join({ server: next, secret: 'a' })).toBe(id);
    expect(server.told('machine-renamed')).toMatchObject([{ unit: 'kitchen', former: 'u', client_id: id }]);
  });

  test('has its name and its unit as before where that could not be stored', async () => {
    const store = new FailingStore();
    const server = new PlayedServer(store);
    const id = await join({ server, secret: 'a' });
    store.fails = 'after';
    expect(await server.hub.machines.rename(id, 'kitchen')).toEqual({ type: 'store-unavailable' });
    store.fails = 'no';
    expect(server.hub.unit(id)?.name).toBe('u');
    expect(await join({ server, secret: 'b' }, { name: 'kitchen' })).not.toBe('not-allowed');
    const next = await PlayedServer.over(store);
    expect(next.hub.unit(id)?.name).toBe('u');
    expect(states(next)).toEqual(['kitchen approved', 'u approved']);
  });

  test('by its own client is called as before where that could not be stored', async () => {
    const store = new FailingStore();
    const server = new PlayedServer(store);
    const id = await join({ server, secret: 'a' });
    store.fails = 'after';
    expect(await join({ server, secret: 'a' }, { name: 'w' })).toBe('store-unavailable');
    store.fails = 'no';
    expect(server.hub.unit(id)?.name).toBe('u');
    await join({ server, secret: 'b' }, { name: 'w' });
    expect(states(server)).toEqual(['u approved', 'w approved']);
    const next = await PlayedServer.over(store);
    expect(next.hub.units().map(({ name }) => name)).toEqual(['u', 'w']);
  });

  test('gets no name that is taken, or is none, nor while it waits', async () => {
    const server = new PlayedServer();
    const id = await join({ server, secret: 'a' });
    await join({ server, secret: 'b' }, { name: 'v' });
    const keyless = new PlayedConnection(server, '192.0.2.50');
    keyless.say({ name: 'w' });
    await outcomeOf(keyless);
    for (const name of ['v', 'w', '', 'x'.repeat(49), 'a\nb']) {
      expect(await server.hub.machines.rename(id, name)).toMatchObject({ type: 'machine-cannot' });
    }
    server.auth = { mode: 'approve', v1: 'deny' };
    await join({ server, secret: 'c' }, { name: 'x' });
    expect(await server.hub.machines.rename(idOf(server, 'c'), 'z')).toMatchObject({ type: 'machine-cannot' });
  });

  test('by its own client takes the new name where it is free, and is refused where a key has it', async () => {
    const server = new PlayedServer();
    const id = await join({ server, secret: 'a' });
    await join({ server, secret: 'b' }, { name: 'v' });
    expect(await join({ server, secret: 'a' }, { name: 'v' })).toBe('not-allowed');
    expect(await join({ server, secret: 'a' }, { name: 'w' })).toBe(id);
    expect(states(server)).toEqual(['v approved', 'w approved']);
    expect(await join({ server, secret: 'c' })).not.toBe(id);
  });
});

test('what is done to a machine that there is not, or was done before, changes nothing', async () => {
  const server = new PlayedServer();
  const id = await join({ server, secret: 'a' });
  const { machines } = server.hub;
  for (const outcome of [
    machines.approve('x'),
    machines.revoke('x'),
    machines.forget('x'),
    machines.rename('x', 'y'),
  ]) {
    expect(await outcome).toEqual({ type: 'no-such-machine' });
  }
  const before = server.events.length;
  expect(await machines.approve(id)).toMatchObject({ type: 'done' });
  expect(await machines.rename(id, 'u')).toMatchObject({ type: 'done' });
  expect(server.events).toHaveLength(before);
});

test('a change that could not be stored is none', async () => {
  const store = new FailingStore();
  const server = new PlayedServer(store);
  const id = await join({ server, secret: 'a' });
  store.fails = 'after';
  expect(await server.hub.machines.revoke(id)).toEqual({ type: 'store-unavailable' });
  store.fails = 'no';
  expect(states(server)).toEqual(['u approved']);
  expect(await join({ server, secret: 'a' })).toBe(id);
  expect(await storedMachine(server, 'a')).toBe(`u ${id} approved`);
  expect(server.told('machine-revoked')).toEqual([]);
});
