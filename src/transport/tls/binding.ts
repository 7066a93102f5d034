import type { TLSSocket } from 'node:tls';

/** protocol 6 */
const bindingBytes = 32;
const bindingLabel = 'EXPORTER-telemetry-v2';

/** TLS 1.3 makes no difference between an empty context and none (RFC 8446, 7.5). */
const noContext = Buffer.alloc(0);

/**
 * What a signature on this connection is bound to (protocol 6): 32 bytes of its exported keying material, base64url without padding; both ends have the same.
 * To be asked as soon as the handshake is over: a socket that has closed cannot tell.
 */
export function bindingOf(socket: TLSSocket): string {
  return socket.exportKeyingMaterial(bindingBytes, bindingLabel, noContext).toString('base64url');
}
