import fc from 'fast-check';
import { textOf, type Target } from '../target.ts';

/** Falls where an input has an `x` behind an `a`, and tells of each beginning of that: what nobody finds at once, and who goes on from outcomes does. */
export function planted(fall: 'fault' | 'hang' | 'death'): Target {
  return {
    seeds: ['some text'],
    words: [],
    generated: fc.string(),
    run(input) {
      const text = textOf(input);
      if (!text.includes('a')) return 'nothing';
      if (!/a[^x]*x/.test(text)) return 'an a';
      if (fall === 'fault') throw new Error('planted');
      if (fall === 'death') process.exit(3);
      for (;;);
    },
  };
}
