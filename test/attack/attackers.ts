import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { encodeFrames } from '../../src/framing/encoder.ts';
import { framed } from '../../src/framing/frame.ts';

/** What one attacker is to do. */
export interface Attack {
  readonly kind: keyof typeof attackers;
  /** Of all attackers. */
  readonly number: number;
  /** What he aims at. */
  readonly host: string;
  readonly port: number;
  /** Of this machine: his connections come from each in turn. */
  readonly addresses: readonly string[];
  /** Connections at a time, where they are to last. */
  readonly connections: number;
  /** Connections, or datagrams, a second. */
  readonly perSecond: number;
}

/** What came of it so far. */
export interface Reaped {
  begun: number;
  /** Connections that were told `too-many`. */
  refused: number;
  /** Connections that are open. */
  open: number;
  /** The most that were. */
  openMax: number;
}

/** The ways to attack, by name. Each begins at once and goes on until its process ends. */
export const attackers = { silent, registrations, garbage, 'slow-readers': slowReaders, datagrams };

const tickMs = 50;
/** Of an attacker's own connections that come to nothing. */
const patienceMs = 2_000;

/** Connections that say nothing, as many as it gets; whoever is thrown out comes again. */
function silent(attack: Attack, reaped: Reaped): void {
  everyTick(attack.perSecond, () => {
    if (reaped.open < attack.connections) open(attack, reaped);
  });
}

/** Units without number: each registers under a name of its own, and goes. */
function registrations(attack: Attack, reaped: Reaped): void {
  everyTick(attack.perSecond, () => {
    const socket = open(attack, reaped);
    socket.write(registration(`intruder-${attack.number}-${reaped.begun}`));
    socket.once('data', () => socket.destroy());
    leaveLater(socket);
  });
}

/** Bytes that are no frames, frames that nobody may send, and beginnings of frames. */
function garbage(attack: Attack, reaped: Reaped): void {
  everyTick(attack.perSecond, () => {
    const socket = open(attack, reaped);
    const kinds = [
      randomBytes(1_000),
      encodeFrames(Array.from({ length: 200 }, () => framed('!INFO', '{"seq":1'))),
      encodeFrames([framed('!RGTR', '['.repeat(200)), framed('!AUTH', 'x y z'), framed('!NONE')]),
      Buffer.from('241             '),
      Buffer.from('100             !RGTR{"name"'),
    ];
    socket.write(kinds[reaped.begun % kinds.length] ?? '');
    leaveLater(socket);
  });
}

/** Units that send what has to be answered, without end, and read no answer. */
function slowReaders(attack: Attack, reaped: Reaped): void {
  const flood = encodeFrames(Array.from({ length: 500 }, () => framed('!HELO')));
  everyTick(attack.perSecond, () => {
    if (reaped.open >= attack.connections) return;
    const socket = open(attack, reaped);
    socket.write(registration(`deaf-${attack.number}-${reaped.begun}`));
    const sendOn = (): void => {
      if (!socket.destroyed) socket.write(flood, () => setImmediate(sendOn));
    };
    socket.once('data', () => {
      socket.pause();
      sendOn();
    });
  });
}

/** Noise and forged updates at a client's UDP port, which is `port` here. */
function datagrams(attack: Attack, reaped: Reaped): void {
  const socket = createSocket('udp4');
  const forged = encodeFrames([framed('!UPDT', '{"interval":86400,"rev":99,"tag":"AAAAAAAAAAAAAAAAAAAAAA"}')]);
  everyTick(attack.perSecond, () => {
    reaped.begun += 1;
    socket.send(reaped.begun % 2 === 0 ? forged : randomBytes(64), attack.port, attack.host, () => undefined);
  });
}

function open({ host, port, addresses }: Attack, reaped: Reaped): Socket {
  const localAddress = addresses[reaped.begun % addresses.length] ?? '';
  reaped.begun += 1;
  reaped.open += 1;
  reaped.openMax = Math.max(reaped.openMax, reaped.open);
  const socket = connect({ host, port, localAddress });
  socket.on('error', () => undefined);
  socket.on('close', () => void (reaped.open -= 1));
  socket.once('data', (bytes) => {
    if (bytes.includes('too-many')) reaped.refused += 1;
  });
  return socket;
}

function registration(name: string): Uint8Array {
  const members = { name, ip: '127.0.0.1', UDP_port: 0, time: '2026-11-21T10:00:00Z', v: 2, epoch: '5f2c91e0' };
  return encodeFrames([framed('!RGTR', JSON.stringify(members))]);
}

function leaveLater(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), patienceMs);
  socket.once('close', () => clearTimeout(timer));
}

function everyTick(perSecond: number, act: () => void): void {
  let due = 0;
  setInterval(() => {
    due += (perSecond * tickMs) / 1_000;
    for (; due >= 1; due -= 1) act();
  }, tickMs);
}
