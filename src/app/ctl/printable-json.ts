/** JSON that a terminal may be shown: what could steer it or turn the reading direction around is escaped. Parses to the same value. */
export function printableJson(value: unknown, indent?: number): string {
  return printableText(JSON.stringify(value, undefined, indent));
}

/** The same for text that is JSON already. */
export function printableText(json: string): string {
  return json.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Delete and C1 controls, line separators, and controls of the reading direction; JSON.stringify has escaped C0 and lone surrogates. */
const unsafe = new RegExp(String.raw`[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]`, 'g');
