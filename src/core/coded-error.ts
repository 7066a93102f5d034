/**
 * An error with a stable code that `docs/errors.md` lists. The message says what, where, and what to do. `exitCode` is what a
 * program leaves with because of it: 2 for bad usage or configuration, else 1.
 */
export class CodedError extends Error {
  readonly code: string;
  readonly exitCode: 1 | 2;

  constructor(code: string, message: string, options: { readonly exitCode?: 1 | 2; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
  }
}
