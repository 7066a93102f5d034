import { createHash } from 'node:crypto';
import type { AuditLine } from './contract.ts';

/** What the first line of an audit log follows. */
export const chainBeginning = '';

/**
 * The hash of a line: base64url of the SHA-256 of the hash of the line before it, LF, and the line as JSON: the array of number, time, who, from, action, target and
 * details, without spaces, the members of details in the order of their names.
 */
export function hashOf(line: Omit<AuditLine, 'hash'>, before: string): string {
  const { number, time, who, from, action, target, details } = line;
  const text = JSON.stringify([number, time, who, from, action, target, inOrder(details)]);
  return createHash('sha256').update(`${before}\n${text}`).digest('base64url');
}

/** The details as they are kept. */
export function detailsText(details: AuditLine['details']): string {
  return JSON.stringify(inOrder(details));
}

/** The reverse; undefined where it is no text of details. */
export function detailsOf(text: string): AuditLine['details'] | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    // Whoever reads says that the line was changed.
    return undefined;
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
  const details: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(found)) {
    if (!isPlain(value)) return undefined;
    details[name] = value;
  }
  return details;
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function inOrder(details: AuditLine['details']): AuditLine['details'] {
  return Object.fromEntries(Object.entries(details).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
