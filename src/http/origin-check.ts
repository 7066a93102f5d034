import type { IncomingHttpHeaders } from 'node:http';

export interface OriginRules {
  readonly overTls: boolean;
  /** A proxy that speaks TLS may stand in front. */
  readonly mayBeProxied: boolean;
  /** A session's cookie says who it is, and a browser sends it by itself. */
  readonly byCookie: boolean;
}

/**
 * What speaks against a request as one of this server's own pages, or of no page at all; undefined: nothing. Browsers tell by `Origin` and `Sec-Fetch-Site` where a request
 * comes from, and let no page change that; other programs send neither.
 */
export function foreignOrigin(
  { method, headers }: { readonly method: string; readonly headers: IncomingHttpHeaders },
  { overTls, mayBeProxied, byCookie }: OriginRules,
): string | undefined {
  const { origin, host, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  const changes = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
  // A link to the API may be followed; a page may not use its reader's browser to look, or to hold streams open.
  const isForeign = site === 'cross-site' || site === 'same-site';
  if (isForeign && (changes || (site === 'cross-site' && mode !== 'navigate'))) return `Sec-Fetch-Site is ${site}`;
  if (!changes) return undefined;
  if (origin !== undefined) {
    const schemes = overTls ? ['https'] : mayBeProxied ? ['http', 'https'] : ['http'];
    return schemes.some((scheme) => isOrigin(origin, scheme, host ?? ''))
      ? undefined
      : `Origin is ${JSON.stringify(origin.slice(0, 200))}`;
  }
  return byCookie && site !== 'same-origin' ? 'neither Origin nor Sec-Fetch-Site says where it comes from' : undefined;
}

function isOrigin(origin: string, scheme: string, host: string): boolean {
  const own = URL.parse(`${scheme}://${host}`);
  const sent = URL.parse(origin);
  return own !== null && sent !== null && origin === sent.origin && sent.origin === own.origin;
}
