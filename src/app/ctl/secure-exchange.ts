import { request as openRequest, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { connect, getCACertificates, type TLSSocket } from 'node:tls';
import { CodedError } from '../../core/coded-error.ts';
import { bareHost } from './own-host.ts';

/** How the server proves that it is the right one. Without either: by a certificate that the system or Node.js trusts. */
export interface Trust {
  /** The SHA-256 of its certificate, lower-case hex: that one and no other, whatever its name, date or issuer. */
  readonly fingerprint?: string | undefined;
  /** The certificates that may vouch for it, in PEM, instead of those that this machine trusts. */
  readonly ca?: string | undefined;
}

/** A request, and the head of its answer; the body is read while it comes. What fetch does, and takes of it. */
export type Exchange = (url: URL, request: ApiRequest) => Promise<Response>;

export interface ApiRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/**
 * Requests over TLS, each on a connection of its own; fetch can be told neither of a fingerprint nor of a CA. Nothing is sent before the server's certificate is
 * found right: rejects with CodedError `api-certificate` where it is not.
 */
export function secureExchange(trust: Trust): Exchange {
  return async (url, request) => {
    const { signal } = request;
    signal.throwIfAborted();
    try {
      const socket = await verifiedConnection(url, trust, signal);
      return await answerOn(socket, url, request);
    } catch (error) {
      // What a broken connection says is not why it broke.
      signal.throwIfAborted();
      throw error;
    }
  };
}

async function verifiedConnection(url: URL, trust: Trust, signal: AbortSignal): Promise<TLSSocket> {
  const host = bareHost(url.hostname);
  const socket = connect({
    host,
    port: url.port === '' ? 443 : Number(url.port),
    ...(isIP(host) === 0 && { servername: host }),
    ALPNProtocols: ['http/1.1'],
    ca: trust.ca ?? [...getCACertificates('default'), ...getCACertificates('system')],
    // Judged below, so that a fault can say which certificate it is about.
    rejectUnauthorized: false,
  });
  const destroy = (): void => void socket.destroy();
  signal.addEventListener('abort', destroy, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.on('error', reject);
      socket.once('close', () => reject(new Error('the connection ended before TLS had begun')));
    });
    judge(socket, url, trust);
    return socket;
  } catch (error) {
    destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', destroy);
  }
}

/** Throws where the certificate is not the pinned one or, without a pin, not one that somebody trusted vouches for. */
function judge(socket: TLSSocket, url: URL, { fingerprint, ca }: Trust): void {
  const found = (socket.getPeerX509Certificate()?.fingerprint256 ?? '').replaceAll(':', '').toLowerCase();
  if (fingerprint !== undefined) {
    if (found === fingerprint) return;
    const words = `${url.origin} has the certificate ${found}, and not ${fingerprint}`;
    throw wrongCertificate(
      `${words}: another server answers there, or its certificate was made anew; ask who runs it.`,
    );
  }
  if (socket.authorized) return;
  const reason = String(socket.authorizationError);
  const words = `${url.origin} has the certificate ${found}, which ${faults[reason] ?? 'is not trusted'} (${reason})`;
  throw wrongCertificate(
    ca === undefined
      ? `${words}; where that is what the server itself says it has, give --api-fingerprint ${found}, else --api-ca.`
      : `${words}; see whether --api-ca has the right certificates.`,
  );
}

/** The most common of OpenSSL's and Node.js' words for it. */
const faults: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'nobody vouches for but itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody vouches for whom this machine trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody vouches for whom this machine trusts',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody vouches for whom this machine trusts',
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet by the clock of this machine',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
};

function wrongCertificate(message: string): CodedError {
  return new CodedError('api-certificate', message);
}

function answerOn(
  socket: TLSSocket,
  url: URL,
  { method = 'GET', headers, body, signal }: ApiRequest,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = openRequest({
      method,
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host },
      createConnection: () => socket,
    });
    // Not by the option `signal`, which makes of every reason a connection that was reset.
    const end = (): void => void request.destroy(reasonOf(signal));
    signal.addEventListener('abort', end, { once: true });
    request.once('close', () => signal.removeEventListener('abort', end));
    request.once('response', (incoming) => {
      signal.addEventListener('abort', () => incoming.destroy(reasonOf(signal)), { once: true });
      resolve(asResponse(incoming));
    });
    // Stays: an answer that is cut off says so here as well.
    request.on('error', reject);
    request.end(body);
  });
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('ended');
}

function asResponse(incoming: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '' } = incoming;
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  // These have no body (RFC 9110), and Response takes none.
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (isEmpty) incoming.resume();
  return new Response(isEmpty ? null : Readable.toWeb(incoming), { status, statusText, headers });
}
