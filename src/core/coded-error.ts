/** Every code that an error for people carries; `docs/errors.md` says what each means and what to do. */
export const errorCodes = [
  'access-failed',
  'account-exists',
  'address-unknown',
  'api-answer-broken',
  'api-certificate',
  'api-forbidden',
  'api-not-telemetry',
  'api-refused',
  'api-silent',
  'api-timeout',
  'api-unauthenticated',
  'api-unreachable',
  'bad-account',
  'bad-configuration',
  'bad-usage',
  'data-missing',
  'data-not-allowed',
  'folder-unwritable',
  'http-no-account',
  'http-unprotected',
  'join-failed',
  'join-refused',
  'joined-server-unusable',
  'key-unusable',
  'listen-failed',
  'log-file-unwritable',
  'machine-ambiguous',
  'machine-cannot',
  'no-such-account',
  'no-such-api-token',
  'no-such-machine',
  'no-such-token',
  'no-such-unit',
  'no-tls-listener',
  'output-failed',
  'page-missing',
  'page-not-written',
  'port-in-use',
  'port-not-allowed',
  'readings-left-out',
  'sensors-need-linux',
  'server-unknown',
  'spool-newer',
  'spool-of-another',
  'state-in-use',
  'store-corrupt',
  'store-exists',
  'store-full',
  'store-in-use',
  'store-io-failed',
  'store-missing',
  'store-not-allowed',
  'store-read-only',
  'store-too-new',
  'store-unavailable',
  'tls-unusable',
  'unit-cannot',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * An error with a stable code. The message says what, where, and what to do. `exitCode` is what a program leaves with because of it:
 * 2 for bad usage or configuration, else 1.
 */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly exitCode: 1 | 2;

  constructor(code: ErrorCode, message: string, options: { readonly exitCode?: 1 | 2; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
  }
}
