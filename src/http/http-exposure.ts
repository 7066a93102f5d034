import { CodedError } from '../core/coded-error.ts';
import { isLoopback } from './host-check.ts';

export interface Exposure {
  readonly address: { readonly host: string; readonly port: number };
  /** The API is served over TLS. */
  readonly overTls: boolean;
  readonly insecure: boolean;
  /** How many accounts there are; asked only where it matters. */
  readonly accounts: () => number;
}

/**
 * Whether the API may be served there. Throws CodedError `http-unprotected` for an address that other machines reach without TLS, unless the operator wants just that, and
 * `http-no-account` where nobody could log in.
 */
export function checkHttpExposure({ address: { host, port }, overTls, insecure, accounts }: Exposure): void {
  if (isLoopback(host)) return;
  const where = `--http ${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!overTls && !insecure) {
    throw new CodedError(
      'http-unprotected',
      `${where}: other machines reach this address, and without TLS everybody on the way reads passwords; give tls.certificate and tls.key, or set http.insecure: true where a proxy in front speaks TLS`,
      { exitCode: 2 },
    );
  }
  if (accounts() === 0) {
    throw new CodedError(
      'http-no-account',
      `${where}: other machines reach this address, and nobody has an account yet; make one with telemetryctl user add NAME`,
      { exitCode: 2 },
    );
  }
}
