import { createHmac } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeDatagram } from '../../src/transport/udp.ts';
import { RawClient, readingText, startTestServer, type RunningServer } from './in-process.ts';

let server: RunningServer;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await server.stop();
});

/** A UDP socket, and the data of the next `!UPDT` that comes to it. */
async function hear(): Promise<{ port: number; update: () => Promise<string> }> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const updates: string[] = [];
  const waiting: ((data: string) => void)[] = [];
  socket.on('message', (bytes) => {
    const { command, data } = decodeDatagram(bytes) ?? { command: '', data: '' };
    expect(command).toBe('!UPDT');
    const next = waiting.shift();
    if (next === undefined) updates.push(data);
    else next(data);
  });
  return {
    port: socket.address().port,
    update: () => {
      const data = updates.shift();
      return data === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(data);
    },
  };
}

async function put(clientId: unknown, body: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${server.api}/units/${String(clientId)}/interval`, { method: 'PUT', headers, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function unit(clientId: unknown): Promise<Record<string, unknown>> {
  return (await (await fetch(`${server.api}/units/${String(clientId)}`)).json()) as Record<string, unknown>;
}

test('a change goes out over UDP with a tag under the token, and counts once it is confirmed', async () => {
  const { port, update } = await hear();
  const client = new RawClient(server.port);
  const { client_id: clientId, token, rev } = await client.register({ name: 'tagged', UDP_port: port });
  expect(rev).toBe(1);
  expect((await put(clientId, '{"seconds":0.5}')).status).toBe(202);
  const data = await update();
  const tag = createHmac('sha256', Buffer.from(String(token), 'base64url')).update(`${String(clientId)}\n2\n0.5`);
  expect(data).toBe(`{"interval":0.5,"rev":2,"tag":"${tag.digest().subarray(0, 16).toString('base64url')}"}`);
  expect(await unit(clientId)).toMatchObject({
    interval: { confirmed: 10, wanted: 0.5, rev: 2, state: 'sending' },
  });
  client.send('!UPDT', ': RECEIVED 2').send('!INFO', readingText(1));
  expect(await client.answer()).toBe('!INFO: RECEIVED');
  expect(await unit(clientId)).toMatchObject({
    interval: { confirmed: 0.5, wanted: 0.5, rev: 2, state: 'confirmed', tries: 0 },
  });
  client.close();
});

test('a unit that hears no UDP gets it over TCP from the first sending', async () => {
  const client = new RawClient(server.port);
  const { client_id: clientId } = await client.register({ name: 'no-udp', UDP_port: 0 });
  await put(clientId, '{"seconds":7}');
  expect(await client.answer()).toMatch(/^!UPDT\{"interval":7,"rev":2,"tag":"/);
  client.close();
});

test('a change for a unit that is away comes with its next registration', async () => {
  const away = new RawClient(server.port);
  const { client_id: clientId } = await away.register({ name: 'away' });
  away.send('!DISC');
  expect(await away.answer()).toBe('!DISC: RECEIVED');
  expect((await put(clientId, '{"seconds":3}')).status).toBe(202);
  const back = new RawClient(server.port);
  expect(await back.register({ name: 'away', id: clientId })).toMatchObject({
    client_id: clientId,
    interval: 3,
    rev: 2,
  });
  back.close();
});

test('a v1 unit gets whole seconds as text, unsigned, and is refused a fraction', async () => {
  const { port, update } = await hear();
  const client = new RawClient(server.port);
  client.send('!RGTR', JSON.stringify({ name: 'old', ip: '127.0.0.1', UDP_port: port, time: '10:00:00' }));
  const succ = JSON.parse((await client.answer()).slice('!SUCC'.length)) as Record<string, unknown>;
  expect(succ).toEqual({ client_id: expect.any(String), tcp_port: server.port, port: server.port, interval: 10 });
  const refused = await put(succ['client_id'], '{"seconds":2.5}');
  expect(refused.status).toBe(422);
  expect(refused.body['detail']).toContain('whole seconds');
  expect((await put(succ['client_id'], '{"seconds":2}')).status).toBe(202);
  expect(await update()).toBe('2');
  client.send('!UDPT', ': RECEIVED').send('!INFO', 'CPU temperature: 54.5\n');
  expect(await client.next()).toMatchObject({ command: '!INFO', data: ': RECEIVED', bare: true });
  expect(await unit(succ['client_id'])).toMatchObject({ interval: { confirmed: 2, state: 'confirmed' } });
  client.close();
});

test.each(['{"seconds":0.05}', '{"seconds":86401}', '{"seconds":1.0005}', '{"seconds":"5"}', '{}', 'nonsense'])(
  'the API refuses %s and changes nothing',
  async (body) => {
    const client = new RawClient(server.port);
    const { client_id: clientId } = await client.register({ name: 'steady' });
    expect([400, 422]).toContain((await put(clientId, body)).status);
    expect(await unit(clientId)).toMatchObject({ interval: { wanted: 10, rev: 1 } });
    client.send('!DISC');
    expect(await client.answer()).toBe('!DISC: RECEIVED');
  },
);
