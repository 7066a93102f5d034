import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Arrivals } from '../../transport/arrivals.ts';
import type { Link } from '../../transport/link.ts';
import { listenTls, type TlsListener } from '../../transport/tls/listen-tls.ts';
import type { Listener } from '../../transport/tcp.ts';
import { certificateWarning } from './certificate-warning.ts';
import { openCertificate, type OpenCertificateOptions } from './open-certificate.ts';
import type { ServerCertificate } from './server-certificate.ts';

export interface ServerTlsOptions {
  readonly dataDir: string;
  /** The user's files (`tls.certificate`, `tls.key`); undefined: the server's own, below `dataDir`. */
  readonly given: OpenCertificateOptions['given'];
  readonly hostname: string;
  readonly clock: Clock;
  /** Is told `certificate`, `certificate-date` and `tls-failed`; the last as often as a peer likes. */
  readonly report: Log;
}

/** The server's certificate and the listeners that show it. */
export class ServerTls {
  readonly #options: ServerTlsOptions;
  readonly #listeners: TlsListener[] = [];
  #certificate: ServerCertificate;

  constructor(options: ServerTlsOptions, certificate: ServerCertificate) {
    this.#options = options;
    this.#certificate = certificate;
  }

  get certificate(): ServerCertificate {
    return this.#certificate;
  }

  /** As `listenTcp`, with TLS. */
  async listen(
    address: { readonly host: string; readonly port: number },
    accept: (link: Link) => void,
    arrivals: Arrivals,
  ): Promise<Listener> {
    const { clock, report } = this.#options;
    const listener = await listenTls(address, {
      credentials: this.#certificate,
      accept,
      arrivals,
      clock,
      failed: ({ peer, reason }) => {
        report('warn', 'tls-failed', { peer, reason });
      },
    });
    this.#listeners.push(listener);
    return listener;
  }

  /**
   * Reads the certificate again, from the files that the settings name now, and shows it to whoever connects from now on; connections that there are stay. Rejects
   * with a CodedError `tls-unusable`, and keeps the former one, where it cannot be used.
   */
  async reload(given: ServerTlsOptions['given']): Promise<ServerCertificate> {
    const options = { ...this.#options, given };
    const certificate = await read(options);
    for (const listener of this.#listeners) listener.replace(certificate);
    if (certificate.fingerprint !== this.#certificate.fingerprint) tell(certificate, options);
    this.#certificate = certificate;
    return certificate;
  }
}

/** Reads the server's certificate, makes it at the first start, and says what its fingerprint is. Rejects with a CodedError `tls-unusable`. */
export async function openServerTls(options: ServerTlsOptions): Promise<ServerTls> {
  const certificate = await read(options);
  tell(certificate, options);
  return new ServerTls(options, certificate);
}

function read({ dataDir, given, hostname, clock }: ServerTlsOptions): Promise<ServerCertificate> {
  return openCertificate({ given, folder: join(dataDir, 'tls'), hostname, clock });
}

function tell(certificate: ServerCertificate, { given, clock, report }: ServerTlsOptions): void {
  const { fingerprint, notAfterMs, file } = certificate;
  report('info', 'certificate', { fingerprint, expires: new Date(notAfterMs).toISOString(), file });
  const reason = certificateWarning({ ...certificate, isOwn: given === undefined }, clock.wallMs());
  if (reason !== undefined) report('warn', 'certificate-date', { file, reason });
}
