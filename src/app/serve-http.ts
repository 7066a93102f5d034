import type { ServerConfig } from '../config/contract.ts';
import type { HttpTls } from '../http/http-server.ts';
import type { HttpOptions, OpenedHttp } from '../http/open-http.ts';
import type { Lifecycle } from './lifecycle.ts';
import { pageFolder } from './page-folder.ts';

export interface ServeHttpOptions extends Pick<
  HttpOptions,
  | 'fleet'
  | 'feed'
  | 'health'
  | 'store'
  | 'version'
  | 'log'
  | 'clock'
  | 'machines'
  | 'tokens'
  | 'joinPlace'
  | 'facts'
  | 'settings'
> {
  readonly config: Pick<ServerConfig, 'http' | 'dataDir' | 'limits'>;
  readonly lifecycle: Lifecycle;
  /** The server's certificate; for an address that other machines reach, unless `http.insecure` says otherwise. */
  readonly tls?: HttpTls;
}

/** Opens the API with its accounts, unless it is switched off. Rejects with a CodedError, before anything listens, where it may not be served there. Stops with `lifecycle`. */
export async function serveHttp(options: ServeHttpOptions): Promise<OpenedHttp | undefined> {
  const { config, lifecycle, tls, ...parts } = options;
  const { http, dataDir, limits } = config;
  if (http === undefined) return undefined;
  // Loaded only where it is wanted: 7 MiB.
  const [{ openHttp }, { checkHttpExposure }, { isLoopback }, { openAccess }] = await Promise.all([
    import('../http/open-http.ts'),
    import('../http/http-exposure.ts'),
    import('../http/host-check.ts'),
    import('../access/open-access.ts'),
  ]);
  const access = openAccess(dataDir);
  lifecycle.onStop(() => access.close());
  const { insecure, login, hosts } = http;
  const used = insecure || isLoopback(http.host) ? undefined : tls;
  checkHttpExposure({ address: http, overTls: used !== undefined, insecure, accounts: () => access.accounts.length });
  const opened = await openHttp({
    ...parts,
    address: http,
    access,
    login,
    insecure,
    hosts,
    pageFolder,
    slowReaderBytesMax: limits.slowReaderBytesMax,
    ...(used !== undefined && { tls: used }),
  });
  lifecycle.onStop(() => opened.close());
  parts.log('info', 'listening', { listener: 'http', address: opened.address, port: opened.port });
  return opened;
}
