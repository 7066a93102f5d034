import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { framed, type Frame } from '../../src/framing/frame.ts';
import { Answers } from '../../src/session/answers.ts';

type Step = 'add' | 'await' | 'settle' | 'give-up' | 'take';

/** The same, as simply as it can be said: a list of answers, some of them not known yet. */
class SimpleAnswers {
  places: (string | undefined)[] = [];

  do(step: Step, text: string): readonly string[] {
    const open = this.places.indexOf(undefined);
    if (step === 'add') this.places.push(text);
    else if (step === 'await') this.places.push(undefined);
    else if (step === 'settle' && open >= 0) this.places[open] = text;
    else if (step === 'give-up' && open >= 0) this.places.length = open;
    if (step !== 'take') return [];
    const due = this.places.splice(0, open < 0 ? this.places.length : open);
    return due.filter((place) => place !== undefined);
  }
}

function act(answers: Answers, step: Step, answer: Frame): readonly string[] {
  if (step === 'add') answers.add(answer);
  else if (step === 'await') answers.await();
  else if (step === 'settle') answers.settle(answer);
  else if (step === 'give-up') answers.giveUp();
  const due: string[] = [];
  if (step === 'take')
    for (let next = answers.next(); next !== undefined; next = answers.next()) due.push(next.command);
  return due;
}

describe('answers', () => {
  test('are those of a plain list, whatever is done in whichever order', () => {
    const step = fc.constantFrom<Step>('add', 'add', 'await', 'await', 'settle', 'settle', 'settle', 'take', 'give-up');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const answers = new Answers();
        const simple = new SimpleAnswers();
        for (const [index, one] of steps.entries()) {
          expect(act(answers, one, framed(String(index)))).toEqual(simple.do(one, String(index)));
          expect(answers.size).toBe(simple.places.length);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
