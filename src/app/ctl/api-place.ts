import type { Argv } from 'yargs';
import { fingerprint as fingerprintForm } from '../../config/kinds/fingerprint.ts';
import { apiUrl, badUsage, inForm } from './arguments.ts';

/** Where the API is, how its server proves that it is the right one, and who asks. */
export interface ApiPlace {
  readonly url: URL;
  /** The SHA-256 of the server's certificate, lower-case hex: it is that one and no other. */
  readonly fingerprint: string | undefined;
  /** A file with the certificates of those that may vouch for the server, instead of the ones that this machine trusts. */
  readonly caFile: string | undefined;
  readonly token: ApiTokenSource | undefined;
}

/** An API token is never on a command line, which every user of a machine can read. */
export type ApiTokenSource = { readonly text: string } | { readonly file: string };

const defaultApi = 'http://127.0.0.1:8080';

/** Adds the flags of the API to the command line. */
export function describeApi(line: Argv): Argv {
  return line
    .option('api', {
      type: 'string',
      requiresArg: true,
      describe: "Where the server's HTTP API is [TELEMETRY_API]",
      defaultDescription: defaultApi,
    })
    .option('api-fingerprint', {
      type: 'string',
      nargs: 1,
      describe: "The SHA-256 of the server's certificate: that one and no other [TELEMETRY_API_FINGERPRINT]",
    })
    .option('api-ca', {
      type: 'string',
      nargs: 1,
      describe: 'A file with the certificates that may vouch for the server [TELEMETRY_API_CA]',
    })
    .option('api-token-file', {
      type: 'string',
      nargs: 1,
      describe: 'A file with an API token [TELEMETRY_API_TOKEN_FILE; TELEMETRY_API_TOKEN is the token itself]',
    });
}

/** What flags and environment say of the API. Throws CodedError `bad-usage`. */
export function apiPlace(
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): ApiPlace {
  const given = (flag: string, variable: string): Given | undefined => {
    // Of a flag that was given twice the last one counts.
    const value: unknown = [flags[flag]].flat().at(-1);
    if (typeof value === 'string') return { value, source: `--${flag}` };
    const fromEnvironment = env[variable];
    return fromEnvironment === undefined || fromEnvironment === ''
      ? undefined
      : { value: fromEnvironment, source: variable };
  };
  const url = given('api', 'TELEMETRY_API');
  const fingerprint = given('api-fingerprint', 'TELEMETRY_API_FINGERPRINT');
  const ca = given('api-ca', 'TELEMETRY_API_CA');
  const place = url === undefined ? new URL(defaultApi) : apiUrl(url.value, url.source);
  const proof = fingerprint ?? ca;
  if (proof !== undefined && place.protocol !== 'https:')
    throw badUsage(`${proof.source} is given, and ${place.href} is no https:// address, which proves nothing.`);
  if (fingerprint !== undefined && ca !== undefined)
    throw badUsage(
      `${fingerprint.source} and ${ca.source} are given; one of them is enough, the other would not count.`,
    );
  return {
    url: place,
    fingerprint: fingerprint && inForm(fingerprintForm, fingerprint.value, fingerprint.source),
    caFile: ca?.value,
    token: tokenSource(given('api-token-file', 'TELEMETRY_API_TOKEN_FILE'), env['TELEMETRY_API_TOKEN']),
  };
}

interface Given {
  readonly value: string;
  readonly source: string;
}

function tokenSource(file: Given | undefined, text: string | undefined): ApiTokenSource | undefined {
  if (text === undefined || text === '') return file && { file: file.value };
  if (file === undefined) return { text };
  if (file.source.startsWith('--')) return { file: file.value };
  throw badUsage('TELEMETRY_API_TOKEN and TELEMETRY_API_TOKEN_FILE are both set; one of them is enough.');
}
