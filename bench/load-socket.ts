import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { bindingOf } from '../src/transport/tls/binding.ts';
import { spoken } from '../src/transport/tls/credentials.ts';

const readBytes = 1_024;

/** How the load reaches a server. */
export type LoadScheme = 'tcp' | 'tls';

export interface LoadSocketOptions {
  readonly port: number;
  /** Where it dials from; left to the system where it is not given. */
  readonly address: string | undefined;
  readonly scheme: LoadScheme;
  /** It may be written to. `binding`: of the connection, `-` without TLS. */
  readonly connected: (binding: string) => void;
  readonly received: (text: string) => void;
}

let context: SecureContext | undefined;

/** A connection of the load to this machine. Over TLS it believes any certificate: what is measured is the other end. */
export function dialLoadSocket({ port, address, scheme, connected, received }: LoadSocketOptions): Socket {
  const options: TcpNetConnectOpts = {
    host: '127.0.0.1',
    port,
    ...(address === undefined ? {} : { localAddress: address }),
    noDelay: true,
  };
  if (scheme === 'tls') {
    context ??= createSecureContext(spoken);
    const socket: TLSSocket = connectTls({ ...options, secureContext: context, rejectUnauthorized: false });
    socket.on('secureConnect', () => connected(bindingOf(socket)));
    socket.on('data', (bytes: Buffer) => received(bytes.toString('latin1')));
    return socket;
  }
  // One buffer for all of a connection's answers; without it each one is allocated.
  const buffer = Buffer.allocUnsafeSlow(readBytes);
  const socket = connect({
    ...options,
    onread: {
      buffer,
      callback: (count) => {
        received(buffer.toString('latin1', 0, count));
        return true;
      },
    },
  });
  socket.on('connect', () => connected('-'));
  return socket;
}
