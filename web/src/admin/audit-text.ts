import type { AuditLine } from '../../../src/api/contract.ts';

/** What else a line says: names and values. */
export function detailsOf({ details }: Pick<AuditLine, 'details'>): readonly (readonly [string, string])[] {
  return Object.entries(details).map(([name, value]) => [name, value === null ? 'none' : String(value)]);
}

/** What of a line is searched: all that is shown, and its number. */
export function auditText(line: AuditLine): readonly string[] {
  const { number, time, who, from, action, target } = line;
  return [String(number), time, who, from, action, target, ...detailsOf(line).map((detail) => detail.join(' '))];
}
