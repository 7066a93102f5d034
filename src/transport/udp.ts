import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { systemErrorCode } from '../core/system-error.ts';
import { FrameDecoder } from '../framing/decoder.ts';
import { encodeFrames } from '../framing/encoder.ts';
import type { Frame } from '../framing/frame.ts';
import { plainAddress } from './address.ts';
import type { DatagramPace } from './datagram-pace.ts';

export interface DatagramReceiver {
  readonly port: number;
  close(): Promise<void>;
}

/** Hears UDP on `port` (0: a free one) of all addresses. `receive` gets each datagram's frame, or undefined where it is none. */
export async function receiveDatagrams(
  port: number,
  receive: (frame: Frame | undefined, from: string) => void,
): Promise<DatagramReceiver> {
  const socket = await bind('udp6', port).catch(async (error: unknown) => {
    const code = systemErrorCode(error);
    // A machine without IPv6 has no dual-stack sockets.
    if (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL') return bind('udp4', port);
    throw error;
  });
  socket.on('message', (bytes, from) => {
    receive(decodeDatagram(bytes), plainAddress(from.address));
  });
  // An ICMP error of a peer long gone is no reason to stop hearing the others.
  socket.on('error', () => undefined);
  return { port: socket.address().port, close: () => closed(socket) };
}

/** The one frame that a datagram carries; undefined where it carries anything else. */
export function decodeDatagram(bytes: Uint8Array): Frame | undefined {
  const decoder = new FrameDecoder();
  const frames = decoder.push(bytes);
  return frames.length === 1 && !decoder.holding && decoder.failure === undefined ? frames[0] : undefined;
}

function bind(type: 'udp4' | 'udp6', port: number, address?: string): Promise<Socket> {
  const socket = createSocket({ type, ipv6Only: false });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ port, ...(address !== undefined && { address }) }, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.close(() => {
      resolve();
    });
  });
}

export interface Destination {
  /** The server's address as the unit knows it: a v1 unit takes datagrams from there alone. */
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** Local addresses that units connect to; a server has few. */
const socketsMax = 64;

/** Sends datagrams, each from the address at which its unit reached the server. What is lost is sent again by the session. */
export class DatagramSender {
  readonly #sockets = new Map<string, Promise<Socket>>();
  readonly #pace: DatagramPace | undefined;

  /** Without a pace they go as fast as they come. */
  constructor(pace?: DatagramPace) {
    this.#pace = pace;
  }

  /** Resolves when it is sent, or dropped because too many are; rejects with the system's error. */
  async send(frame: Frame, { from, to, port }: Destination): Promise<void> {
    if (this.#pace?.admits() === false) return;
    const socket = await this.#socket(from);
    await new Promise<void>((resolve, reject) => {
      socket.send(encodeFrames([frame]), port, to, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  async close(): Promise<void> {
    this.#pace?.close();
    const sockets = await Promise.allSettled(this.#sockets.values());
    this.#sockets.clear();
    await Promise.all(sockets.flatMap((socket) => (socket.status === 'fulfilled' ? [closed(socket.value)] : [])));
  }

  #socket(from: string): Promise<Socket> {
    const known = this.#sockets.get(from);
    if (known !== undefined) return known;
    if (this.#sockets.size >= socketsMax) throw new Error(`more than ${socketsMax} local addresses`);
    const socket = bind(isIPv6(from) ? 'udp6' : 'udp4', 0, from);
    this.#sockets.set(from, socket);
    socket.then(
      // An ICMP error is no reason to stop sending to others.
      (bound) => bound.on('error', () => undefined),
      () => this.#sockets.delete(from),
    );
    return socket;
  }
}
