/** The operating system's word for what went wrong, `ENOENT` for instance; undefined where the error is not the system's. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What to say of an error in a log line: its message, or its code where it has none. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? (systemErrorCode(error) ?? error.name) : error.message;
}
