/** Lines end as RFC 4180 has it. */
export const lineEnd = '\r\n';

/**
 * A text as a field. What could end a line or steer a terminal is escaped as in JSON, and what a spreadsheet would take for a formula begins with an apostrophe
 * (OWASP, "CSV Injection"): a unit chooses its name.
 */
export function csvField(text: string): string {
  const plain = text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const guarded = formula.test(plain) ? `'${plain}` : plain;
  return /[",]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Also in their full width, which some spreadsheets take for the same. */
const formula = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Controls, line separators, and controls of the reading direction. */
const unsafe = new RegExp(
  String.raw`[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]`,
  'g',
);

/** A clock may stand anywhere; beyond the years that there is a date for, it is the number. */
export function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
