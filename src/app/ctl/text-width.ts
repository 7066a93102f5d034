import { stripVTControlCharacters } from 'node:util';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Characters that terminals draw two columns wide, by script (Unicode Standard Annex 11 has the exact list). */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uFF01-\uFF60]/u;
const escape = '\u001B';
const colour = new RegExp(String.raw`(${escape}\[[\d;]*m)`);

/** How many columns of a terminal a text takes. It may hold colours; other control characters must be gone already. */
export function widthOf(text: string): number {
  let columns = 0;
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text))) columns += widthOfSegment(segment);
  return columns;
}

/** The beginning of a line, as much of it as `columnsMax` columns hold. Its colours end where they did. */
export function cutToWidth(text: string, columnsMax: number): string {
  let cut = '';
  let left = columnsMax;
  for (const [index, part] of text.split(colour).entries()) {
    // Every second one is what stands between two: a colour.
    if (index % 2 === 1) {
      cut += part;
      continue;
    }
    for (const { segment } of segmenter.segment(part)) {
      left -= widthOfSegment(segment);
      if (left < 0) break;
      cut += segment;
    }
  }
  return cut;
}

function widthOfSegment(segment: string): number {
  return wide.test(segment) ? 2 : 1;
}
