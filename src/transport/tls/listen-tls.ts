import type { Clock } from '../../core/clock.ts';
import { Arrivals } from '../arrivals.ts';
import type { Link } from '../link.ts';
import { SocketLink } from '../socket-link.ts';
import { systemClock } from '../system-clock.ts';
import { listenForSockets, type Listener } from '../tcp.ts';
import { bindingOf } from './binding.ts';
import type { TlsCredentials } from './credentials.ts';
import { handshakeLimits, Handshakes, type HandshakeLimits, type TlsFailure } from './handshakes.ts';

export interface TlsListener extends Listener {
  /** Shows another certificate to whoever connects from now on; what is connected stays so. Throws the library's error where the two are not fit for use, and keeps the former. */
  replace(credentials: TlsCredentials): void;
}

export interface ListenTlsOptions {
  readonly credentials: TlsCredentials;
  /** Given each connection when its handshake is over. */
  readonly accept: (link: Link) => void;
  /** A handshake came to nothing, which a peer can bring about as often as it likes. */
  readonly failed: (failure: TlsFailure) => void;
  /** Of all listeners of a server. */
  readonly arrivals?: Arrivals;
  readonly clock?: Clock;
  readonly limits?: HandshakeLimits;
}

/** Listens as `listenTcp` does, and speaks TLS 1.3 from the first byte. Rejects with the system's error, or with the library's for credentials that are not fit for use. */
export async function listenTls(
  address: { readonly host: string; readonly port: number },
  {
    credentials,
    accept,
    failed,
    arrivals = new Arrivals(),
    clock = systemClock,
    limits = handshakeLimits,
  }: ListenTlsOptions,
): Promise<TlsListener> {
  let acceptance = { localPort: address.port, arrivals };
  const handshakes = new Handshakes({
    credentials,
    clock,
    limits,
    failed,
    secured: (socket) => {
      accept(new SocketLink(socket, acceptance, bindingOf(socket)));
    },
  });
  const listener = await listenForSockets(address, (localPort) => {
    acceptance = { localPort, arrivals };
    return (socket) => {
      handshakes.begin(socket);
    };
  });
  return {
    ...listener,
    replace: (next) => {
      handshakes.replace(next);
    },
    close: () => {
      const closed = listener.close();
      handshakes.close();
      return closed;
    },
  };
}
