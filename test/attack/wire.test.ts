import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeDatagram } from '../../src/transport/udp.ts';
import { call } from '../http/call.ts';
import { refusalOf, settleVictim, startAttackedServer, type AttackedServer, type Victim } from './attacked-server.ts';
import { challenge, granted, KeyedMachine, overTcp, overTls } from './keyed-machine.ts';

const otherKey = /^!FAILnot-allowed the name is bound to the key of another machine/;
const wrongSignature = '!FAILnot-allowed the signature is not of that key, or of another challenge';

describe('a server that trusts the first key for a name', () => {
  let server: AttackedServer;
  beforeAll(async () => {
    server = await startAttackedServer();
  });
  afterAll(() => server.stop());

  test('impostor with another key: the name is refused to him over TLS and over TCP, and his key is in the log', async () => {
    const victim = await settleVictim(server, new KeyedMachine('web-01'));
    for (const [over, port, from] of [
      [overTls, server.tlsPort, '127.0.1.1'],
      [overTcp, server.port, '127.0.1.2'],
    ] as const) {
      const impostor = new KeyedMachine('web-01');
      const wire = await over({ port, from });
      expect(await impostor.enter(wire)).toMatch(otherKey);
      expect(await wire.client.next()).toBe('closed');
      expect(await refusalOf(server, from)).toMatchObject({
        level: 'warn',
        unit: 'web-01',
        key: impostor.key,
        code: 'not-allowed',
      });
    }
    await victim.expectUnharmed();
    victim.leave();
  });

  test('impostor with another key: the id of another machine is refused to him, whatever he calls himself', async () => {
    const victim = await settleVictim(server, new KeyedMachine('web-02'));
    const impostor = new KeyedMachine('a-name-of-his-own');
    const wire = await overTls({ port: server.tlsPort, from: '127.0.1.3' });
    expect(await impostor.enter(wire, { id: victim.clientId })).toMatch(/^!FAILnot-allowed the id is bound to the key/);
    expect(await refusalOf(server, '127.0.1.3')).toMatchObject({
      unit: 'a-name-of-his-own',
      key: impostor.key,
      code: 'not-allowed',
    });
    await victim.expectUnharmed();
    victim.leave();
  });

  test('impostor without a key: he is asked for one, and told no where he speaks version 1', async () => {
    const victim = await settleVictim(server, new KeyedMachine('web-03'));
    const keyless = new KeyedMachine('web-03').registration({ key: undefined });
    const asked = await overTcp({ port: server.port, from: '127.0.1.4' });
    await challenge(asked.client, keyless);
    expect(await asked.client.send('!AUTH', 'no proof').answer()).toMatch(/^!FAILnot-allowed the data of !AUTH/);
    expect(await refusalOf(server, '127.0.1.4')).toMatchObject({ unit: 'web-03', code: 'not-allowed' });
    const old = await overTcp({ port: server.port, from: '127.0.1.5' });
    const registration = { name: 'web-03', ip: '127.0.0.1', UDP_port: 0, time: '10:00:00' };
    expect(await old.client.send('!RGTR', JSON.stringify(registration)).answer()).toMatch(otherKey);
    expect(await refusalOf(server, '127.0.1.5')).toMatchObject({ unit: 'web-03', code: 'not-allowed' });
    await victim.expectUnharmed();
    victim.leave();
  });

  test('replayed !AUTH: what was heard on the wire answers no other nonce, and there is a new one each time', async () => {
    const machine = new KeyedMachine('web-04');
    const heard = await overTcp({ port: server.port });
    const registration = machine.registration();
    const nonce = await challenge(heard.client, registration);
    const proof = machine.proof({ nonce, registration, binding: '-' });
    const { client_id: clientId } = granted(await heard.client.send('!AUTH', proof).answer());
    heard.client.close();
    const victim = await settleVictim(server, machine);
    expect(victim.clientId).toBe(clientId);

    const replaying = await overTcp({ port: server.port, from: '127.0.1.6' });
    expect(await challenge(replaying.client, registration)).not.toBe(nonce);
    expect(await replaying.client.send('!AUTH', proof).answer()).toBe(wrongSignature);
    expect(await replaying.client.next()).toBe('closed');
    const line = await refusalOf(server, '127.0.1.6');
    expect(line).toMatchObject({ level: 'warn', unit: 'web-04', code: 'not-allowed' });
    // It has proven none.
    expect(line['key']).toBeUndefined();
    await victim.expectUnharmed();
    victim.leave();
  });

  test('replayed !AUTH: a nonce is good for one answer, even on its own connection', async () => {
    const machine = new KeyedMachine('web-05');
    const victim = await settleVictim(server, machine);
    const { client, binding } = await overTls({ port: server.tlsPort, from: '127.0.1.7' });
    const registration = machine.registration();
    const nonce = await challenge(client, registration);
    const question = { nonce, registration, binding };
    // First something wrong, and the right one at its heels.
    client.send('!AUTH', machine.proof({ ...question, binding: '-' })).send('!AUTH', machine.proof(question));
    expect(await client.answer()).toBe(wrongSignature);
    expect(await client.next()).toBe('closed');
    expect(await refusalOf(server, '127.0.1.7')).toMatchObject({ unit: 'web-05', code: 'not-allowed' });
    await victim.expectUnharmed();
    victim.leave();
  });

  test('an !AUTH for another registration: what was signed is the !RGTR as it came, byte for byte', async () => {
    const machine = new KeyedMachine('web-06');
    const victim = await settleVictim(server, machine);
    const { client, binding } = await overTls({ port: server.tlsPort, from: '127.0.1.8' });
    const nonce = await challenge(client, machine.registration({ UDP_port: 4_000 }));
    const proof = machine.proof({ nonce, registration: machine.registration(), binding });
    expect(await client.send('!AUTH', proof).answer()).toBe(wrongSignature);
    expect(await refusalOf(server, '127.0.1.8')).toMatchObject({ unit: 'web-06', code: 'not-allowed' });
    await victim.expectUnharmed();
    victim.leave();
  });

  test('an !AUTH relayed from another TLS session: the nonce is right, the key is right, and the session is not', async () => {
    const machine = new KeyedMachine('web-07');
    const victim = await settleVictim(server, machine);
    const withRelay = await overTls({ port: server.tlsPort });
    const ofRelay = await overTls({ port: server.tlsPort, from: '127.0.1.9' });
    const registration = machine.registration();
    const nonce = await challenge(ofRelay.client, registration);
    const proof = machine.proof({ nonce, registration, binding: withRelay.binding });
    expect(await ofRelay.client.send('!AUTH', proof).answer()).toBe(wrongSignature);
    expect(await refusalOf(server, '127.0.1.9')).toMatchObject({ unit: 'web-07', code: 'not-allowed' });
    withRelay.client.close();
    await victim.expectUnharmed();
    victim.leave();
  });

  test('reflected UDP: datagrams go to the address that a unit dials from, not to the one that it names', async () => {
    const [third, own] = await twoSockets('127.0.1.10', '127.0.1.11');
    const victim = await settleVictim(server, new KeyedMachine('web-08'));
    const attacker = new KeyedMachine('reflector');
    const { client } = await overTcp({ port: server.port, from: '127.0.1.11' });
    const { port } = third.address();
    const registration = attacker.registration({ ip: '127.0.1.10', UDP_port: port, key: undefined });
    const { client_id: clientId } = granted(await client.send('!RGTR', registration).answer());
    expect(await server.log.waitFor('registered', ({ unit }) => unit === 'reflector')).toMatchObject({
      peer: '127.0.1.11',
      ip: '127.0.1.11',
      port,
    });
    const [atThird, atOwn] = [once(third, 'message'), once(own, 'message')];
    const wish = await call(`${server.api}/units/${String(clientId)}/interval`, {
      method: 'PUT',
      body: { seconds: 5 },
    });
    expect(wish.status).toBe(202);
    expect(decodeDatagram(bytesOf(await atOwn))).toMatchObject({ command: '!UPDT' });
    // What had been sent there before would have come before this.
    own.send('the first', port, '127.0.1.10');
    expect(bytesOf(await atThird).toString()).toBe('the first');
    client.close();
    await victim.expectUnharmed();
    victim.leave();
  });
});

describe('a server that wants a join token of new machines', () => {
  let server: AttackedServer;
  let victim: Victim;
  beforeAll(async () => {
    server = await startAttackedServer(['--auth-mode', 'token']);
    victim = await settleVictim(server, new KeyedMachine('db-01'), { token: await newToken() });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await victim.expectUnharmed();
  });
  afterAll(async () => {
    victim.leave();
    await server.stop();
  });

  async function newToken(wish: { readonly uses?: number; readonly expires_seconds?: number } = {}): Promise<string> {
    const body = { uses: 1, expires_seconds: 3_600, ...wish };
    const { body: made } = await call(`${server.api}/join-tokens`, { method: 'POST', body });
    return String(Object(made)['token']);
  }

  async function expectRefused(from: string, name: string, token: string): Promise<void> {
    const machine = new KeyedMachine(name);
    const { client, binding } = await overTls({ port: server.tlsPort, from });
    const answer = await machine.enter({ client, binding }, { token });
    expect(answer).toMatch(/^!FAILnot-allowed the join token is unknown, used up, revoked or expired/);
    expect(await client.next()).toBe('closed');
    expect(await refusalOf(server, from)).toMatchObject({
      level: 'warn',
      unit: name,
      key: machine.key,
      code: 'not-allowed',
    });
    expect(server.log.lines.filter(({ event, unit }) => event === 'registered' && unit === name)).toEqual([]);
  }

  test('no token: a new machine is refused, and its name is nobody’s', async () => {
    const machine = new KeyedMachine('db-02');
    const wire = await overTls({ port: server.tlsPort, from: '127.0.2.1' });
    expect(await machine.enter(wire)).toMatch(/^!FAILnot-allowed new machines need a join token/);
    expect(await refusalOf(server, '127.0.2.1')).toMatchObject({ unit: 'db-02', key: machine.key });
  });

  test('guessed token: one that was never made lets nobody in', async () => {
    await expectRefused('127.0.2.2', 'db-03', 'A'.repeat(32));
  });

  test('stale token: an expired one lets nobody in', async () => {
    const token = await newToken({ expires_seconds: 60 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    await expectRefused('127.0.2.3', 'db-04', token);
  });

  test('stale token: a revoked one lets nobody in', async () => {
    const token = await newToken();
    const { body: tokens } = await call(`${server.api}/join-tokens`);
    const id = String(Object(Object(tokens)[0])['id']);
    expect((await call(`${server.api}/join-tokens/${id}`, { method: 'DELETE' })).body).toMatchObject({
      state: 'revoked',
    });
    await expectRefused('127.0.2.4', 'db-05', token);
  });

  test('token used twice: the second machine stays outside', async () => {
    const token = await newToken();
    const first = await settleVictim(server, new KeyedMachine('db-06'), { token });
    await expectRefused('127.0.2.5', 'db-07', token);
    const used = server.log.lines.filter(
      ({ event, unit }) => event === 'join-token-used' && /^db-0[67]$/.test(String(unit)),
    );
    expect(used).toMatchObject([{ unit: 'db-06', client_id: first.clientId, key: first.machine.key }]);
    await first.expectUnharmed();
    first.leave();
  });

  test('token used twice: of ten machines that show it at the same moment one gets in', async () => {
    const token = await newToken();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const wire = await overTls({ port: server.tlsPort, from: `127.0.2.${10 + index}` });
        const answer = await new KeyedMachine(`race-${index}`).enter(wire, { token });
        wire.client.close();
        return answer.slice(0, '!FAILnot-allowed'.length);
      }),
    );
    expect(outcomes.filter((answer) => answer.startsWith('!SUCC'))).toHaveLength(1);
    expect(outcomes.filter((answer) => answer === '!FAILnot-allowed')).toHaveLength(9);
    const used = server.log.lines.filter(
      ({ event, unit }) => event === 'join-token-used' && String(unit).startsWith('race-'),
    );
    expect(used).toHaveLength(1);
  });

  test('overheard token: one that was sent without TLS lets nobody in, and is revoked', async () => {
    const token = await newToken();
    const careless = await overTcp({ port: server.port, from: '127.0.2.30' });
    const machine = new KeyedMachine('db-08');
    expect(await machine.enter(careless, { token })).toMatch(/^!FAILnot-allowed a join token was sent without TLS/);
    const [listed] = Object((await call(`${server.api}/join-tokens`)).body);
    expect(listed).toMatchObject({ state: 'revoked', uses: 0 });
    expect(await server.log.waitFor('join-token-revoked', ({ token: id }) => id === listed.id)).toMatchObject({
      level: 'warn',
      peer: '127.0.2.30',
    });
    expect(await refusalOf(server, '127.0.2.30')).toMatchObject({ unit: 'db-08', key: machine.key });
    await expectRefused('127.0.2.31', 'db-09', token);
  });
});

/** UDP sockets of one port at two addresses. */
async function twoSockets(one: string, other: string): Promise<readonly [Socket, Socket]> {
  const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
  let port = 0;
  for (const [index, address] of [one, other].entries()) {
    const socket = sockets[index];
    socket?.bind(port, address);
    if (socket !== undefined) await once(socket, 'listening');
    port = socket?.address().port ?? 0;
    // They end with the test's process.
    socket?.unref();
  }
  return sockets;
}

function bytesOf(message: readonly unknown[]): Buffer {
  const [bytes] = message;
  return Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
}
