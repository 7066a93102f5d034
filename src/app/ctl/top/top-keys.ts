/** A key, by what it means here; others are the character itself. */
export type Key =
  | {
      readonly type:
        'up' | 'down' | 'page-up' | 'page-down' | 'home' | 'end' | 'enter' | 'escape' | 'erase' | 'interrupt';
    }
  | { readonly type: 'character'; readonly character: string };

/** What terminals send (ECMA-48 cursor keys, and xterm's for the rest), in normal and application mode. */
const sequences: Readonly<Record<string, Exclude<Key['type'], 'character'>>> = {
  '\u001B[A': 'up',
  '\u001BOA': 'up',
  '\u001B[B': 'down',
  '\u001BOB': 'down',
  '\u001B[5~': 'page-up',
  '\u001B[6~': 'page-down',
  '\u001B[H': 'home',
  '\u001BOH': 'home',
  '\u001B[1~': 'home',
  '\u001B[F': 'end',
  '\u001BOF': 'end',
  '\u001B[4~': 'end',
  '\r': 'enter',
  '\n': 'enter',
  '\u001B': 'escape',
  '\u007F': 'erase',
  '\b': 'erase',
  '\u0003': 'interrupt',
  '\u0004': 'interrupt',
};

const escape = '\u001B';
const form = new RegExp(String.raw`${escape}(?:\[[\d;]*[ -/]*[@-~]|O[A-Z])|[\s\S]`, 'gu');
const begun = new RegExp(String.raw`${escape}(?:\[[\d;]*[ -/]*|O)?$`, 'u');
const control = /\p{Cc}/u;

/** The keys in what was typed at once. A sequence that means nothing here is none. */
export function keysOf(text: string): readonly Key[] {
  return [...text.matchAll(form)].flatMap(([typed]): readonly Key[] => {
    const type = sequences[typed];
    if (type !== undefined) return [{ type }];
    return control.test(typed) ? [] : [{ type: 'character', character: typed }];
  });
}

/** What may be the beginning of a key, at the end of what was typed: a link may cut a sequence in two, and Escape alone begins all of them. */
export function beginningOfKey(text: string): string {
  return begun.exec(text)?.[0] ?? '';
}
