import fc from 'fast-check';
import { editWords } from './file-edits.ts';

const place = fc.oneof(
  fc.integer({ min: 0, max: 9_999 }).map((parts) => parts / 10_000),
  fc.constantFrom(0, 0.001, 0.999, 1),
);

/** Scripts of damage: mostly a few edits, each of a byte or of a page. */
export const generatedEdits = fc
  .array(
    fc
      .tuple(
        fc.constantFrom(...editWords, 'flip', 'flip', 'set'),
        fc.integer({ min: 0, max: 3 }),
        place,
        fc.oneof(fc.integer({ min: 1, max: 32 }), fc.constantFrom(512, 1_024, 4_096)),
        fc.integer({ min: 0, max: 255 }),
      )
      .map((words) => words.join(' ')),
    { minLength: 1, maxLength: 12 },
  )
  .map((lines) => lines.join('\n'));
