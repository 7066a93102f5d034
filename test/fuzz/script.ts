import { framed, type Frame } from '../../src/framing/frame.ts';
import { frameData } from './target.ts';

/** Steps of one script: what a longer one would find, a shorter one does. */
const stepsMax = 600;

/** A line of a script: a word, and what follows the space behind it. */
export interface Step {
  readonly word: string;
  readonly rest: string;
}

/** The steps of a script, a line each; those of which the target does not know the word it passes over. */
export function stepsOf(text: string): readonly Step[] {
  return text
    .split('\n', stepsMax)
    .map((line) => {
      const space = line.indexOf(' ');
      return space < 0 ? { word: line, rest: '' } : { word: line.slice(0, space), rest: line.slice(space + 1) };
    })
    .filter(({ word }) => word !== '');
}

/** The frame that is written as `!INFO{…}`: a decoder lets through no other commands, and no more data. */
export function frameIn(text: string): Frame | undefined {
  const command = text.slice(0, 5);
  return /^![A-Z]{4}$/.test(command) ? framed(command, frameData(text.slice(5))) : undefined;
}

/** The number that `text` begins with, within bounds; `fallback` where it is none. */
export function numberIn(
  text: string | undefined,
  { min, max, fallback }: Readonly<Record<'min' | 'max' | 'fallback', number>>,
): number {
  const number = Number.parseFloat(text ?? '');
  return Number.isNaN(number) ? fallback : Math.min(max, Math.max(min, number));
}

/** The beginning of a session's reason for something, before what the script said; a word where the script said all of it. */
export function ownWords(reason: string): string {
  const [own = ''] = reason.split(':');
  return /^[a-z][a-z 0-9!A-Z’'.-]{3,50}$/.test(own) ? own.replaceAll(/\d+/g, '0') : 'other';
}
