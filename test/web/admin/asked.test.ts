import { describe, expect, test } from 'vitest';
import { HubProblem } from '../../../src/api/hub-problem.ts';
import { Asked } from '../../../web/src/admin/asked.ts';
import { who } from '../../../web/src/shell/who.ts';

/** Answers that a test gives when it wants to. */
function desk(): {
  readonly load: (signal: AbortSignal) => Promise<string>;
  readonly asked: PromiseWithResolvers<string>[];
} {
  const asked: PromiseWithResolvers<string>[] = [];
  return {
    asked,
    load: () => {
      const answer = Promise.withResolvers<string>();
      asked.push(answer);
      return answer.promise;
    },
  };
}

describe('a question that is asked again and again', () => {
  test('is being asked until there is an answer, which has its time', async () => {
    const { load, asked } = desk();
    const question = new Asked({ load, nowMs: () => 7 });
    expect(question.answer.value).toEqual({ name: 'asking' });
    const done = question.ask();
    asked[0]?.resolve('one');
    await done;
    expect(question.answer.value).toEqual({ name: 'answered', value: 'one', atMs: 7, fault: undefined });
  });

  test('is asked once more where something was changed while an answer was under way', async () => {
    const { load, asked } = desk();
    const question = new Asked({ load, nowMs: () => 0 });
    const done = question.ask();
    void question.ask();
    void question.ask();
    asked[0]?.resolve('from before');
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(asked).toHaveLength(2);
    asked[1]?.resolve('from after');
    await done;
    expect(asked).toHaveLength(2);
    expect(question.answer.value).toMatchObject({ value: 'from after' });
  });

  test('is not asked twice by the clock while an answer is under way', async () => {
    const { load, asked } = desk();
    const question = new Asked({ load, nowMs: () => 0 });
    const done = question.refresh();
    void question.refresh();
    asked[0]?.resolve('one');
    await done;
    expect(asked).toHaveLength(1);
  });

  test('keeps its last answer, and its time, where it fails later, and says why', async () => {
    const { load, asked } = desk();
    let nowMs = 1;
    const question = new Asked({ load, nowMs: () => nowMs });
    const first = question.ask();
    asked[0]?.resolve('one');
    await first;
    nowMs = 2;
    const second = question.ask();
    asked[1]?.reject(new HubProblem('store-unavailable', { status: 503, detail: 'The store is full.' }));
    await second;
    expect(question.answer.value).toEqual({ name: 'answered', value: 'one', atMs: 1, fault: 'The store is full.' });
  });

  test('has failed where it never had an answer', async () => {
    const { load, asked } = desk();
    const question = new Asked({ load, nowMs: () => 0 });
    const done = question.ask();
    asked[0]?.reject(new TypeError('fetch failed'));
    await done;
    expect(question.answer.value).toMatchObject({
      name: 'failed',
      fault: expect.stringMatching(/^The server does not/),
    });
  });

  test('changes nothing after its end, and asks nothing', async () => {
    const { load, asked } = desk();
    const question = new Asked({ load, nowMs: () => 0 });
    const done = question.ask();
    question.end();
    asked[0]?.resolve('late');
    await done;
    await question.ask();
    expect(question.answer.value).toEqual({ name: 'asking' });
    expect(asked).toHaveLength(1);
  });

  test('makes whoever looks a stranger where the session has ended', async () => {
    who.value = { name: 'known', session: { name: 'ada', scope: 'admin', how: 'session' } };
    const load = (): Promise<never> =>
      Promise.reject(new HubProblem('unauthenticated', { status: 401, detail: 'Log in.' }));
    await new Asked({ load, nowMs: () => 0 }).ask();
    expect(who.value).toEqual({ name: 'stranger' });
  });
});
