import { describe, expect, it } from 'vitest';
import { HubProblem } from '../../../src/api/hub-problem.ts';
import { UnitHistory, type Wait, type Wanted } from '../../../web/src/unit/unit-history.ts';
import { stepView, valueAt } from './some-points.ts';

interface Question {
  readonly what: string;
  readonly signal: AbortSignal | undefined;
  readonly answer: (value: unknown) => Promise<void>;
  readonly refuse: (error: Error) => Promise<void>;
}

/** A source whose answers the test gives, and waits that it ends. */
function stage(): { history: UnitHistory; questions: Question[]; waits: { ms: number; end: () => void }[] } {
  const questions: Question[] = [];
  const waits: { ms: number; end: () => void }[] = [];
  const ask =
    (name: string) =>
    (...words: readonly unknown[]): Promise<never> => {
      const signal = words.find((word) => word instanceof AbortSignal);
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const settled = async (): Promise<void> => {
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      };
      questions.push({
        what: `${name} ${JSON.stringify(words.find((word) => typeof word === 'object' && word !== signal) ?? {})}`,
        signal,
        answer: (value) => {
          resolve(value);
          return settled();
        },
        refuse: (error) => {
          reject(error);
          return settled();
        },
      });
      return promise as Promise<never>;
    };
  const source = {
    history: ask('history'),
    gaps: ask('gaps'),
    events: ask('events'),
    unit: ask('unit'),
    trails: ask('trails'),
  };
  const wait: Wait = (ms, end) => {
    const entry = { ms, end };
    waits.push(entry);
    return () => waits.splice(waits.indexOf(entry), 1);
  };
  return { history: new UnitHistory(source, { clientId: 'c', wait }), questions, waits };
}

const wanted: Wanted = { fromMs: 0, toMs: 600_000, step: 60 };
const steps = [stepView('temp', 0, { celsius: valueAt(1) }), stepView('temp', 60_000, { celsius: valueAt(2) })];
const reading = (time: number): Record<string, string | number> => ({ time, sensor: 'temp', celsius: 5 });
const means = (history: UnitHistory): unknown => history.lines.value[0]?.points.map(({ timeMs, avg }) => [timeMs, avg]);

describe('the history of a unit', () => {
  it('asks one thing after the other, and shows each as it comes', async () => {
    const { history, questions } = stage();
    history.show(wanted);
    expect(questions.map(({ what }) => what)).toEqual(['history {"from":0,"to":600000,"step":"60s"}']);
    await questions[0]?.answer(steps);
    expect(means(history)).toEqual([
      [0, 1],
      [60_000, 2],
    ]);
    expect(history.shown.value).toEqual(wanted);
    expect(questions.at(-1)?.what).toBe('gaps {"from":0,"to":600000}');
    await questions[1]?.answer([{ reason: 'left', from: '1970-01-01T00:00:00Z', to: null }]);
    expect(history.gaps.value).toHaveLength(1);
    await questions[2]?.answer([]);
    expect(history.asking.value.name).toBe('asking');
    await questions[3]?.answer({ name: 'bench' });
    expect(history.unit.value).toEqual({ name: 'bench' });
    expect(history.asking.value).toEqual({ name: 'answered' });
    expect(questions).toHaveLength(4);
  });

  it('lets go of an answer when another is wanted, and keeps what is shown until that is there', async () => {
    const { history, questions } = stage();
    history.show(wanted);
    await questions[0]?.answer(steps);
    history.show({ ...wanted, fromMs: 60_000 });
    expect(questions[1]?.signal?.aborted).toBe(true);
    await questions[1]?.answer([{ reason: 'left', from: '1970-01-01T00:00:00Z', to: null }]);
    expect(history.gaps.value).toEqual([]);
    expect(history.lines.value).toHaveLength(1);
    expect(questions).toHaveLength(3);
    await questions[2]?.answer([]);
    expect(history.lines.value).toEqual([]);
  });

  it('says nothing of a question that it has let go of', async () => {
    const { history, questions } = stage();
    history.show(wanted);
    history.close();
    await questions[0]?.refuse(new Error('aborted'));
    expect(history.asking.value.name).toBe('asking');
    expect(questions).toHaveLength(1);
  });

  it('asks again by itself after as long as the server says where it has too much to do', async () => {
    const { history, questions, waits } = stage();
    history.show(wanted);
    const detail = '8 queries are being answered.';
    await questions[0]?.refuse(new HubProblem('too-many-queries', { status: 503, detail, retryAfterSeconds: 7 }));
    expect(history.asking.value).toEqual({ name: 'failed', problem: 'too-many-queries', detail, retryMs: 7_000 });
    expect(waits.map(({ ms }) => ms)).toEqual([7_000]);
    waits[0]?.end();
    expect(questions).toHaveLength(2);
    expect(history.asking.value).toEqual({ name: 'asking' });
  });

  it('does not ask twice where somebody has asked before the wait was over', async () => {
    const { history, questions, waits } = stage();
    history.show(wanted);
    await questions[0]?.refuse(new HubProblem('shutting-down', { status: 503, detail: '' }));
    expect(waits.map(({ ms }) => ms)).toEqual([5_000]);
    history.show(wanted);
    expect(waits).toEqual([]);
  });

  it('waits for somebody to ask again after other faults', async () => {
    const { history, questions, waits } = stage();
    history.show(wanted);
    await questions[0]?.refuse(new TypeError('Failed to fetch'));
    expect(history.asking.value).toMatchObject({
      name: 'failed',
      problem: 'unreachable',
      detail: 'The server does not answer.',
    });
    expect(waits).toEqual([]);
  });

  it('takes new readings without asking', async () => {
    const { history, questions } = stage();
    history.show(wanted);
    await questions[0]?.answer(steps);
    history.add([reading(125_000)], 0);
    expect(means(history)).toEqual([
      [0, 1],
      [60_000, 2],
      [120_000, 5],
    ]);
    history.add([reading(185_000)], 61_000);
    expect(means(history)).toEqual([
      [60_000, 2],
      [120_000, 5],
      [180_000, 5],
    ]);
    expect(questions).toHaveLength(2);
  });

  it('counts no reading twice that came while the history was on its way', async () => {
    const { history, questions } = stage();
    history.show(wanted);
    history.add([reading(65_000), reading(125_000)], 0);
    await questions[0]?.answer(steps);
    expect(means(history)).toEqual([
      [0, 1],
      [60_000, 2],
      [120_000, 5],
    ]);
  });
});
