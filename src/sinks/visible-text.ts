/**
 * Text that a unit, a peer or a file system chose, made safe for one line of a log: nothing in it can end the line, move a
 * terminal's cursor or turn the reading direction around.
 */

/** As a JSON string with its quotes. `JSON.parse` gives the same text back. */
export function jsonText(text: string): string {
  if (!special.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(invisible, escapeCharacter);
}

/** For people: bare where it is one plain word, else as a JSON string. */
export function prettyWord(text: string): string {
  return text === '' || wordBreaking.test(text) || special.test(text) ? jsonText(text) : text;
}

/** For people: bare where it cannot be taken for what stands around it; single spaces may stay. */
export function prettyPhrase(text: string): string {
  return text === '' || phraseBreaking.test(text) || special.test(text) ? jsonText(text) : text;
}

// Ranges as text, because a control character in a regular expression's source is a mistake everywhere else.
const c1AndDelete = String.raw`\u007f-\u009f`;
const lineSeparators = String.raw`\u2028\u2029`;
const bidirectional = String.raw`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069`;
const surrogates = String.raw`\ud800-\udfff`;

/** What a JSON string cannot carry as it is, what must not be seen raw, and surrogates, which may be unpaired. */
const special = new RegExp(String.raw`[\u0000-\u001f"\\${c1AndDelete}${lineSeparators}${bidirectional}${surrogates}]`);
/** What `JSON.stringify` leaves as it is but must not be seen raw. */
const invisible = new RegExp(`[${c1AndDelete}${lineSeparators}${bidirectional}]`, 'g');
const wordBreaking = /[\s=]/;
const phraseBreaking = /^\s|\s$|\s\s|[^\S ]|=/;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
