import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { Arrivals } from '../../src/transport/arrivals.ts';
import { SocketLink } from '../../src/transport/socket-link.ts';
import { PlayedServer, readings, registration, wire } from './played-server.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** What one connection may have waiting for a peer that reads nothing: answers to what was read in a turn or two, and what was read after that. */
const heldBytesMax = 1_048_576;

/** A server with a stopped clock and, over a real socket, a client that sends without end and never reads. */
async function besiege(beginning: string, frames: string) {
  const server = new PlayedServer({ framesPerSecondMax: 1_000_000 });
  const arrivals = new Arrivals();
  const accepted = Promise.withResolvers<Socket>();
  const listener = createServer({ allowHalfOpen: true }, (socket) => accepted.resolve(socket));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1' });
  client.on('error', () => undefined);
  client.pause();
  const socket = await accepted.promise;
  stops.push(() => {
    client.destroy();
    socket.destroy();
    listener.close();
  });
  const connection = server.accept(new SocketLink(socket, { localPort: port, arrivals }));
  client.write(beginning);
  const many = Buffer.from(frames.repeat(1_000));
  let sentBytes = 0;
  const sendOn = (): void => {
    if (client.destroyed || client.writableLength > many.length) return;
    sentBytes += many.length;
    client.write(many, sendOn);
  };
  sendOn();
  const held = (): number => socket.writableLength + socket.readableLength;
  /** Turns of the loop until the server has stopped reading, and then some in which it could go wrong. */
  const settle = async (): Promise<number> => {
    let heldMax = 0;
    let before = -1;
    for (let still = 0; still < 1_000; still += 1) {
      await setImmediate();
      heldMax = Math.max(heldMax, held());
      if (socket.bytesRead !== before) still = 0;
      before = socket.bytesRead;
    }
    return heldMax;
  };
  return { server, connection, socket, client, settle, sent: () => sentBytes };
}

test.each([
  ['whose readings are right', registration, readings(1, 1), 'the client does not read its answers'],
  ['whose readings are wrong', registration, wire('!INFO', '?'), undefined],
  ['that has not registered', '', wire('!INFO'), 'no registration in time'],
])(
  'a client %s and that reads no answers is read no further, and holds little memory',
  async (_, beginning, frames, ending) => {
    const { server, connection, socket, settle, sent } = await besiege(beginning, frames);
    const heldMax = await settle();
    expect(socket.isPaused()).toBe(true);
    expect(socket.bytesRead).toBeLessThan(sent());
    expect(heldMax).toBeGreaterThan(0);
    expect(heldMax).toBeLessThan(heldBytesMax);
    expect(server.closed(connection)).toBe(undefined);
    await server.pass(31_000);
    expect(server.closed(connection)).toBe(ending);
    expect(socket.destroyed).toBe(ending !== undefined);
    expect(server.door.connections).toBe(ending === undefined ? 1 : 0);
  },
);
