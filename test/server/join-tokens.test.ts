import { describe, expect, test } from 'vitest';
import { tokensMax } from '../../src/server/join-tokens.ts';
import { FailingStore } from './failing-store.ts';
import { keyOf, sha256 } from './played-key.ts';
import { join } from './played-machine.ts';
import { PlayedServer } from './played-server.ts';

function closed(store?: FailingStore): PlayedServer {
  const server = new PlayedServer(store);
  server.auth = { mode: 'token', v1: 'deny' };
  return server;
}

async function made(
  server: PlayedServer,
  { usesMax = 1, forMs = 60_000 } = {},
): Promise<{ token: string; id: string }> {
  const outcome = await server.hub.joinTokens.newToken({ usesMax, expiresMs: server.clock.wallMs() + forMs });
  if (outcome.type !== 'made') throw new Error(outcome.type);
  return { token: outcome.token, id: outcome.view.id };
}

function states(server: PlayedServer): readonly string[] {
  return server.hub.joinTokens.tokens().map(({ state, uses, uses_max: usesMax }) => `${state} ${uses}/${usesMax}`);
}

describe('a join token', () => {
  test('is shown once, and stored as its hash', async () => {
    const server = closed();
    const { token, id } = await made(server);
    const hash = sha256(token);
    expect(id).toBe(hash.slice(0, 8));
    expect(await server.store.tokens()).toMatchObject([{ id, hash, uses: 0, revoked: false }]);
    expect(JSON.stringify([server.events, server.hub.joinTokens.tokens(), await server.store.tokens()])).not.toContain(
      token,
    );
    expect(server.told('join-token-made')).toMatchObject([{ token: id, uses_max: 1 }]);
  });

  test('lets as many machines in as it has uses, each bound to its key and with the token beside it', async () => {
    const server = closed();
    const { token, id } = await made(server, { usesMax: 2 });
    expect(await join({ server, secret: 'a' })).toBe('not-allowed');
    const first = await join({ server, secret: 'a', token }, { name: 'a' });
    // One that is let in already uses nothing up, also when its answer was lost.
    expect(await join({ server, secret: 'a', token }, { name: 'a' })).toBe(first);
    expect(states(server)).toEqual(['valid 1/2']);
    await join({ server, secret: 'b', token }, { name: 'b' });
    expect(states(server)).toEqual(['used 2/2']);
    expect(await join({ server, secret: 'c', token }, { name: 'c' })).toBe('not-allowed');
    expect(await join({ server, secret: 'a', token }, { name: 'a' })).toBe(first);
    expect(server.hub.machines.machines()).toMatchObject([
      { name: 'a', token: id },
      { name: 'b', token: id },
    ]);
    expect(server.told('join-token-used')).toMatchObject([
      { token: id, unit: 'a', key: keyOf('a') },
      { token: id, unit: 'b', key: keyOf('b') },
    ]);
    const next = await PlayedServer.over(server.store);
    expect(states(next)).toEqual(['used 2/2']);
  });

  test('of one use lets one of two machines in that present it at the same time', async () => {
    const server = closed();
    const { token } = await made(server);
    const outcomes = await Promise.all(['a', 'b'].map((secret) => join({ server, secret, token }, { name: secret })));
    expect(outcomes.filter((outcome) => outcome === 'not-allowed')).toHaveLength(1);
    expect(await server.store.machines()).toHaveLength(1);
  });

  test('lets one in that waits for approval', async () => {
    const server = closed();
    server.auth = { mode: 'approve', v1: 'deny' };
    expect(await join({ server, secret: 'a' })).toBe('pending');
    const id = server.hub.machines.machines()[0]?.client_id ?? '';
    expect(await join({ server, secret: 'a', token: (await made(server)).token })).toBe(id);
    expect(server.hub.machines.machines()).toMatchObject([{ client_id: id, state: 'approved' }]);
  });

  test('that has expired, is revoked or is unknown lets nobody in, in any mode', async () => {
    const server = closed();
    const { token } = await made(server, { forMs: 1_000 });
    const { token: revoked, id } = await made(server);
    expect(await server.hub.joinTokens.revokeToken(id)).toMatchObject({ type: 'done', view: { state: 'revoked' } });
    server.clock.pass(1_000);
    expect(states(server).toSorted()).toEqual(['expired 0/1', 'revoked 0/1']);
    for (const mode of ['open', 'tofu', 'approve', 'token'] as const) {
      server.auth = { mode, v1: 'deny' };
      for (const text of [token, revoked, 'x'.repeat(32)]) {
        expect(await join({ server, secret: 'a', token: text })).toBe('not-allowed');
      }
    }
    expect(await server.hub.joinTokens.revokeToken('x')).toEqual({ type: 'no-such-token' });
  });

  test('that is sent without TLS is revoked, and who sent it is refused', async () => {
    const server = closed();
    const { token, id } = await made(server);
    expect(await join({ server, secret: 'a', token, binding: '-' })).toBe('not-allowed');
    expect(await server.store.tokens()).toMatchObject([{ id, revoked: true }]);
    expect(await join({ server, secret: 'a', token })).toBe('not-allowed');
    expect(server.told('join-token-revoked')).toMatchObject([{ token: id, reason: 'it was sent without TLS' }]);
    expect(await join({ server, secret: 'a', token, binding: '-' })).toBe('not-allowed');
    expect(server.told('join-token-revoked')).toHaveLength(1);
  });
});

test('the oldest token that has ended makes room, and where none has there are no more', async () => {
  const server = closed();
  const { id: first } = await made(server, { forMs: 500 });
  server.clock.pass(1);
  const { id: second } = await made(server, { forMs: 500 });
  for (let count = 2; count < tokensMax; count += 1) await made(server);
  const wish = { usesMax: 1, expiresMs: server.clock.wallMs() + 1_000 };
  expect(await server.hub.joinTokens.newToken(wish)).toMatchObject({ type: 'too-many' });
  server.clock.pass(500);
  await made(server);
  const ids = server.hub.joinTokens.tokens().map(({ id }) => id);
  expect(ids).toHaveLength(tokensMax);
  expect(ids).not.toContain(first);
  expect(ids).toContain(second);
  expect(await server.store.tokens()).toHaveLength(tokensMax);
});

test('a token that could not be stored is none', async () => {
  const store = new FailingStore();
  const server = closed(store);
  store.fails = 'after';
  const wish = { usesMax: 1, expiresMs: server.clock.wallMs() + 1_000 };
  expect(await server.hub.joinTokens.newToken(wish)).toEqual({ type: 'store-unavailable' });
  expect(server.hub.joinTokens.tokens()).toEqual([]);
  store.fails = 'no';
  await made(server);
  expect(await store.tokens()).toHaveLength(1);
});
