import { X509Certificate } from 'node:crypto';
import { isIP, type TcpNetConnectOpts } from 'node:net';
import {
  connect,
  createSecureContext,
  getCACertificates,
  type ConnectionOptions,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { CodedError } from '../../core/coded-error.ts';
import { reasonOf } from '../../core/system-error.ts';
import type { Dial } from '../client-connection.ts';
import { SocketLink } from '../socket-link.ts';
import { keepAliveMs } from '../tcp.ts';
import { bindingOf } from './binding.ts';
import { spoken } from './credentials.ts';
import { dialFailure, otherCertificate } from './dial-failure.ts';
import { fingerprintOf } from './fingerprint.ts';

/** How a server is known. */
export interface TlsVerification {
  /** By this SHA-256 of its certificate, 64 hexadecimal digits in lower case, whatever its name, date or issuer; goes before `ca`. */
  readonly fingerprint?: string | undefined;
  /** By these CAs, in PEM; neither: by those of the system and of Node.js. */
  readonly ca?: string | undefined;
}

export interface DialTlsOptions {
  readonly host: string;
  readonly port: number;
  readonly verify: TlsVerification;
}

/**
 * Dials as `dialTcp` does, and speaks TLS 1.3 from the first byte. The link is given when the server is known for who it is; nothing is written before.
 * Throws a CodedError `tls-unusable` where `ca` holds no certificates.
 */
export function dialTls({ host, port, verify }: DialTlsOptions): Dial {
  const { fingerprint } = verify;
  const options: ConnectionOptions & TcpNetConnectOpts = {
    host,
    port,
    secureContext: contextOf(verify),
    // By RFC 6066 an address is no server name.
    ...(isIP(host) === 0 && { servername: host }),
    // A fingerprint says more than any CA could; it is compared below.
    rejectUnauthorized: fingerprint === undefined,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
    allowHalfOpen: true,
  };
  return (outcome) => {
    const socket = connect(options);
    const fail = (reason: string): void => {
      socket.removeAllListeners();
      socket.on('error', ignore);
      socket.destroy();
      outcome.failed(reason);
    };
    const failed = (error: Error): void => {
      fail(dialFailure(error, { host, port }));
    };
    socket.once('error', failed);
    socket.once('secureConnect', () => {
      const fault = fingerprint === undefined ? undefined : otherThan(fingerprint, socket);
      if (fault !== undefined) {
        fail(fault);
        return;
      }
      socket.off('error', failed);
      outcome.connected(new SocketLink(socket, undefined, bindingOf(socket)));
    });
    return () => {
      socket.removeAllListeners();
      socket.on('error', ignore);
      socket.destroy();
    };
  };
}

/** What is wrong with the server's certificate, where only one is right. */
function otherThan(fingerprint: string, socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  const shown = certificate === undefined ? 'none' : fingerprintOf(certificate);
  return shown === fingerprint ? undefined : otherCertificate({ shown, pinned: fingerprint });
}

/** Made once for all connections: the system's CAs are hundreds, and take 25 ms to read. */
function contextOf({ fingerprint, ca }: TlsVerification): SecureContext {
  if (fingerprint !== undefined) return createSecureContext(spoken);
  return createSecureContext({ ...spoken, ca: ca === undefined ? systemAuthorities() : authoritiesIn(ca) });
}

function systemAuthorities(): string[] {
  return [...getCACertificates('system'), ...getCACertificates('bundled'), ...getCACertificates('extra')];
}

const certificateForm = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The library passes over what it cannot read, and would then trust nobody. */
function authoritiesIn(pem: string): string[] {
  const authorities = pem.match(certificateForm) ?? [];
  try {
    for (const authority of authorities) void new X509Certificate(authority);
  } catch (cause) {
    throw unusableAuthorities(`one of its certificates cannot be read (${reasonOf(cause)})`, cause);
  }
  if (authorities.length === 0) throw unusableAuthorities('it holds no certificate in PEM');
  return authorities;
}

function unusableAuthorities(fault: string, cause?: unknown): CodedError {
  const words = `tls.ca: ${fault}; give the file with the certificates of the CA, -----BEGIN CERTIFICATE----- and so on`;
  return new CodedError('tls-unusable', words, { exitCode: 2, cause });
}

/** A socket that was given up may still fail; nobody is left to tell. */
function ignore(): void {}
