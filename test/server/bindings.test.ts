import { describe, expect, test } from 'vitest';
import { FailingStore } from './failing-store.ts';
import { keyOf, sign } from './played-key.ts';
import { answer, arrive, join, outcomeOf, storedMachine } from './played-machine.ts';
import { PlayedConnection, PlayedServer, turn } from './played-server.ts';

const plain = '-';

describe('the first key for a name', () => {
  test('is bound to it before it is told so, and keeps it against another key, a client without one, and one of version 1', async () => {
    const server = new PlayedServer();
    const id = await join({ server, secret: 'own' });
    expect(await storedMachine(server, 'own')).toBe(`u ${id} approved`);
    expect(await join({ server, secret: 'own' })).toBe(id);
    expect(await join({ server, secret: 'other' })).toBe('not-allowed');
    expect(await join({ server, secret: 'other' }, { name: 'v', id })).toBe('not-allowed');
    const keyless = arrive({ server, secret: '', binding: plain }, { id });
    expect(keyless.inputs).toMatchObject([{ type: 'challenge' }]);
    expect(await outcomeOf(arrive({ server, secret: '', binding: plain }, { v: 1, epoch: undefined }))).toBe(
      'not-allowed',
    );
    expect(server.hub.machines.machines()).toMatchObject([
      { client_id: id, name: 'u', key: keyOf('own'), state: 'approved' },
    ]);
    expect(server.told('machine-bound')).toMatchObject([{ unit: 'u', client_id: id, key: keyOf('own') }]);
    expect(server.told('machine-bound')).toHaveLength(1);
  });

  test('gets the unit that had no key, by its id, or by its name from the same address, and no other one', async () => {
    const server = new PlayedServer();
    const byAddress = await new PlayedConnection(server, '192.0.2.8').register('e1');
    const byId = await new PlayedConnection(server, '192.0.2.9').register('e1');
    expect(await join({ server, secret: 'a', address: '192.0.2.8' })).toBe(byAddress);
    expect(await join({ server, secret: 'b', address: '192.0.2.77' }, { id: byId, name: 'u-2' })).toBe(byId);
    const elsewhere = await join({ server, secret: 'c', address: '192.0.2.78' }, { name: 'w' });
    expect([byAddress, byId]).not.toContain(elsewhere);
    // Neither is found without the key any more.
    const keyless = await outcomeOf(
      arrive({ server, secret: '', address: '192.0.2.9', binding: plain }, { name: 'x' }),
    );
    expect([byAddress, byId, elsewhere]).not.toContain(keyless);
  });

  test('takes over the connection that its unit had, and only once it is proven', async () => {
    const server = new PlayedServer();
    const former = new PlayedConnection(server, '192.0.2.8');
    await former.register('e1');
    const attempt = { server, secret: 'a', address: '192.0.2.8' };
    const connection = arrive(attempt, {});
    expect(former.inputs.at(-1)?.type).toBe('registered');
    answer(attempt, connection);
    expect(former.inputs.at(-1)?.type).toBe('taken-over');
  });

  test('is one, where two keys or two connections of one key ask for it at the same time', async () => {
    const server = new PlayedServer();
    const attempts = ['a', 'b', 'a'].map((secret) => ({ server, secret }));
    const connections = attempts.map((attempt) => arrive(attempt, {}));
    attempts.forEach((attempt, index) => {
      const connection = connections[index];
      if (connection !== undefined) answer(attempt, connection);
    });
    expect(connections[0]?.inputs.map(({ type }) => type)).toEqual(['challenge', 'taken-over']);
    expect(await outcomeOf(connections[1] ?? expect.unreachable())).toBe('not-allowed');
    expect(await outcomeOf(connections[2] ?? expect.unreachable())).toBe('unit-1');
    expect(await server.store.machines()).toHaveLength(1);
    expect(await server.store.units()).toHaveLength(1);
  });

  test('is known to the next server', async () => {
    const server = new PlayedServer();
    const id = await join({ server, secret: 'own' });
    const next = await PlayedServer.over(server.store);
    expect(await join({ server: next, secret: 'other' })).toBe('not-allowed');
    expect(await join({ server: next, secret: 'own' })).toBe(id);
  });

  test('is not taken where the mode is open, and its unit stays anybody’s', async () => {
    const server = new PlayedServer();
    server.auth = { mode: 'open', v1: 'allow' };
    const id = await join({ server, secret: 'a' });
    expect(await join({ server, secret: 'b' })).toBe(id);
    expect(await server.store.machines()).toEqual([]);
  });
});

describe('a binding that could not be stored', () => {
  test('is none, and the next key gets the name', async () => {
    const store = new FailingStore();
    const server = new PlayedServer(store);
    store.fails = 'before';
    expect(await join({ server, secret: 'a' })).toBe('store-unavailable');
    store.fails = 'no';
    const id = await join({ server, secret: 'b' });
    expect(await storedMachine(server, 'b')).toBe(`u ${id} approved`);
    expect(await join({ server, secret: 'a' })).toBe('not-allowed');
  });

  test('and was stored all the same gives way to the one that is confirmed, in this server and the next', async () => {
    const store = new FailingStore();
    const server = new PlayedServer(store);
    store.fails = 'after';
    expect(await join({ server, secret: 'a' })).toBe('store-unavailable');
    expect(await storedMachine(server, 'a')).toMatch(/approved/);
    store.fails = 'no';
    const id = await join({ server, secret: 'b' });
    expect(await storedMachine(server, 'a')).toBeUndefined();
    const next = await PlayedServer.over(store);
    expect(next.hub.units().map(({ client_id: clientId, name }) => `${clientId} ${name}`)).toContain(`${id} u`);
    // What is left of the first one has a name of its own, and cannot be asked for by the other.
    expect(new Set(next.hub.units().map(({ name }) => name)).size).toBe(next.hub.units().length);
    expect(await join({ server: next, secret: 'a' })).toBe('not-allowed');
    expect(await join({ server: next, secret: 'b' })).toBe(id);
  });

  test('gives the join token back', async () => {
    const store = new FailingStore();
    const server = new PlayedServer(store);
    server.auth = { mode: 'token', v1: 'deny' };
    const made = await server.hub.joinTokens.newToken({ usesMax: 1, expiresMs: server.clock.wallMs() + 60_000 });
    const token = made.type === 'made' ? made.token : '';
    store.fails = 'after';
    expect(await join({ server, secret: 'a', token })).toBe('store-unavailable');
    store.fails = 'no';
    expect(server.hub.joinTokens.tokens()).toMatchObject([{ state: 'valid', uses: 0 }]);
    expect(await join({ server, secret: 'b', token })).not.toBe('not-allowed');
    expect(await join({ server, secret: 'a', token })).toBe('not-allowed');
    expect(await store.tokens()).toMatchObject([{ uses: 1 }]);
    expect((await store.machines()).map(({ publicKey }) => publicKey)).toEqual([keyOf('b')]);
  });
});

describe('a proof', () => {
  test('of another challenge, another registration, another session or another key proves nothing', async () => {
    const server = new PlayedServer();
    const attempt = { server, secret: 'a' };
    const first = arrive(attempt, {});
    const { nonce = '' } = first.inputs.find((input) => input.type === 'challenge') ?? {};
    answer(attempt, first);
    await outcomeOf(first);
    const right = { nonce, registration: first.data, binding: first.binding };
    // Replayed as it was.
    const replay = arrive(attempt, {});
    replay.perform({ type: 'prove', proof: sign('a', right) });
    expect(await outcomeOf(replay)).toBe('not-allowed');
    for (const change of [{ registration: '{}' }, { binding: 'another' }]) {
      const connection = arrive(attempt, {});
      const asked = connection.inputs.find((input) => input.type === 'challenge');
      const challenge = { nonce: asked?.nonce ?? '', registration: connection.data, binding: connection.binding };
      connection.perform({ type: 'prove', proof: sign('a', { ...challenge, ...change }) });
      expect(await outcomeOf(connection)).toBe('not-allowed');
    }
    const forged = arrive(attempt, {});
    const asked = forged.inputs.find((input) => input.type === 'challenge');
    const challenge = { nonce: asked?.nonce ?? '', registration: forged.data, binding: forged.binding };
    forged.perform({ type: 'prove', proof: { ...sign('b', challenge), publicKey: keyOf('a') } });
    expect(await outcomeOf(forged)).toBe('not-allowed');
  });

  test('answers one challenge, once', async () => {
    const server = new PlayedServer();
    const attempt = { server, secret: 'a' };
    const connection = arrive(attempt, {});
    answer(attempt, connection);
    await outcomeOf(connection);
    const before = connection.inputs.length;
    answer(attempt, connection);
    for (let turns = 0; turns < 9; turns += 1) await turn();
    expect(connection.inputs).toHaveLength(before);
  });
});

test('a refusal is logged with the code, the name and the key', () => {
  const server = new PlayedServer();
  const connection = arrive({ server, secret: 'a' }, { name: 'kitchen' });
  answer({ server, secret: 'a' }, connection);
  const other = arrive({ server, secret: 'b' }, { name: 'kitchen' });
  answer({ server, secret: 'b' }, other);
  const refused = other.inputs.find((input) => input.type === 'refused');
  other.perform({ type: 'refusal', code: 'not-allowed', words: refused?.words ?? '' });
  expect(server.told('registration-refused')).toEqual([
    {
      code: 'not-allowed',
      unit: 'kitchen',
      key: keyOf('b'),
      peer: '192.0.2.7:4000',
      reason: expect.stringContaining('bound to the key of another machine'),
    },
  ]);
});
