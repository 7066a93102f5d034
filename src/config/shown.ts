/** Longer values are cut: a fault is one line that a person reads. */
const shownCharactersMax = 60;
const number = /^-?\d+(\.\d+)?$/;

/** A value of a flag or a variable as a fault shows it: a number bare, all else in quotes, control characters escaped. */
export function shownText(text: string): string {
  return number.test(text) && text.length <= shownCharactersMax ? text : quoted(text);
}

/** A value of a file as a fault shows it. */
export function shownPlain(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a group';
}

function quoted(text: string): string {
  // A cut through a surrogate pair leaves a half, which is shown as U+FFFD.
  const cut = text.slice(0, shownCharactersMax).toWellFormed();
  const shown = cut.length < text.length ? `${cut}…` : cut;
  // JSON leaves DEL and the C1 controls as they are, and a terminal obeys them.
  return JSON.stringify(shown).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
