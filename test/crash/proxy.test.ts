import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { Random } from '../sim/random.ts';
import { Proxy } from './proxy.ts';

/** Sends back what it gets, and ends after that. */
async function startEcho(): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function dial(cutShare: number): Promise<{ readonly proxy: Proxy; readonly socket: Socket }> {
  const proxy = await Proxy.start({ port: await startEcho(), random: new Random(5), cutShare, delayMsMax: 5 });
  onTestFinished(() => proxy.close());
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  return { proxy, socket };
}

test('what goes through is delayed and stays whole and in order, to the last byte before the end', async () => {
  const { proxy, socket } = await dial(0);
  const sent = Buffer.from(new Random(6).bytes(200_000));
  socket.end(sent);
  expect((await buffer(socket)).equals(sent)).toBe(true);
  expect(proxy.cuts).toBe(0);
});

test('a piece that is lost takes its connection with it', async () => {
  const { proxy, socket } = await dial(1);
  socket.write('lost');
  await new Promise((resolve) => socket.once('close', resolve));
  expect(socket.bytesRead).toBe(0);
  expect(proxy.cuts).toBe(1);
});
