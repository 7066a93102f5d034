/** How a server says that it does not take this machine, whatever its readings are. */
export interface Refusal {
  readonly code: 'not-allowed' | 'pending';
  /** The server's own, for a person. */
  readonly words: string;
}

const form = /^(not-allowed|pending): (.*)$/s;

/** The refusal in the reason of a lost connection, which of a `!FAIL` is its code, a colon, and its words. */
export function refusalIn(reason: string): Refusal | undefined {
  const [, code, words = ''] = form.exec(reason) ?? [];
  return code === 'not-allowed' || code === 'pending' ? { code, words } : undefined;
}
