const encoder = new TextEncoder();
/** Characters that stand for themselves in JSON, each of them a byte. */
const plain = /^[ !#-[\]-~]*$/;

/** Bytes of the JSON form of `text`, without the quotes: how the protocol measures a string (protocol 1). */
export function jsonBytes(text: string): number {
  if (plain.test(text)) return text.length;
  return encoder.encode(JSON.stringify(text)).length - 2;
}

/**
 * `text` in at most `bytesMax` bytes of its JSON form: where it is longer, cut at a character, then `~` and the first 8 hex digits of
 * the SHA-256 of the whole (protocol 1). `sha256` answers lower-case hex.
 */
export function shorten(text: string, bytesMax: number, sha256: (text: string) => string): string {
  if (jsonBytes(text) <= bytesMax) return text;
  const mark = `~${sha256(text).slice(0, 8)}`;
  let roomBytes = bytesMax - mark.length;
  let kept = '';
  for (const character of text) {
    roomBytes -= jsonBytes(character);
    if (roomBytes < 0) break;
    kept += character;
  }
  return kept + mark;
}

/** The object that `text` is the JSON of; undefined where it is anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A peer's text that is no JSON is an answer, not an error: the caller says what it expected.
    return undefined;
  }
  return isObject(value) ? value : undefined;
}

/** Whether a JSON value is an object, neither array nor null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
