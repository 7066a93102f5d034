import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { reasonOf } from '../../core/system-error.ts';
import { ApiClient } from './api-client.ts';
import type { ApiPlace, ApiTokenSource } from './api-place.ts';
import { badUsage } from './arguments.ts';
import type { Output } from './output.ts';
import { isOwnHost } from './own-host.ts';
import type { Patience } from './patience.ts';

/** The API at its place, with what proves who asks. Throws CodedError `bad-usage` where a file that it needs is of no use. */
export async function openApi(place: ApiPlace, output: Output, patience: Patience): Promise<ApiClient> {
  const { url, fingerprint, caFile } = place;
  const options = { url, token: place.token && tokenOf(place.token), signal: output.ended, patience };
  if (url.protocol === 'https:') {
    // Loaded only where it is asked for: an API on loopback speaks no TLS.
    const { secureExchange } = await import('./secure-exchange.ts');
    return new ApiClient({
      ...options,
      exchange: secureExchange({ fingerprint, ca: caFile && certificatesIn(caFile) }),
    });
  }
  if (options.token !== undefined && !isOwnHost(url.hostname))
    output.say(`the API token goes to ${url.host} without TLS: whoever sees the traffic can use it from now on.`);
  return new ApiClient({ ...options, exchange: fetch });
}

function tokenOf(source: ApiTokenSource): string {
  const token = 'text' in source ? source.text : contentOf(source.file, 'API token').trim();
  // What HTTP takes behind `Bearer` (RFC 6750 section 2.1), and nothing that could be a file of something else.
  if (/^[A-Za-z0-9._~+/-]{1,512}=*$/.test(token)) return token;
  const where = 'text' in source ? 'TELEMETRY_API_TOKEN' : source.file;
  throw badUsage(`${where} holds no API token; telemetryctl api-token new NAME makes one.`);
}

function certificatesIn(file: string): string {
  const text = contentOf(file, 'certificates');
  const certificates = text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
  try {
    if (certificates.length === 0) throw new Error('there is no certificate in PEM in it');
    // TLS would leave out what it cannot read, without a word.
    for (const certificate of certificates) void new X509Certificate(certificate);
    return text;
  } catch (error) {
    throw badUsage(`${file} cannot be used for --api-ca: ${reasonOf(error)}.`);
  }
}

function contentOf(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw badUsage(`The file with the ${what} cannot be read: ${reasonOf(error)}.`);
  }
}
