import { expect, test } from 'vitest';
import { Alarms } from '../../src/transport/alarms.ts';
import { Runner } from '../../src/transport/runner.ts';
import { createManualClock } from '../manual-clock.ts';

type Input = { readonly type: 'note'; readonly text: string } | { readonly type: 'wake' };

/** A machine that answers each input with its text, and wants to be woken `afterMs` after the last one. */
function setUp({ afterMs = 1_000 } = {}) {
  const clock = createManualClock();
  const done: string[] = [];
  const machine = {
    deadlineMs: undefined as number | undefined,
    handle: (input: Input, nowMs: number): readonly string[] => {
      machine.deadlineMs = nowMs + afterMs;
      return [input.type === 'wake' ? `woken at ${nowMs}` : input.text];
    },
  };
  const owner = {
    perform: (action: string) => {
      done.push(action);
      if (action === 'echo') {
        runner.input({ type: 'note', text: 'first echo' });
        runner.input({ type: 'note', text: 'second echo' });
      }
      if (action === 'stop') runner.stop();
    },
    settled: () => undefined,
  };
  const runner: Runner<Input, string> = new Runner<Input, string>({
    machine,
    clock,
    alarms: new Alarms(clock, 1),
    owner,
  });
  const note = (...texts: readonly string[]): void => {
    for (const text of texts) runner.input({ type: 'note', text });
  };
  return { clock, done, machine, note };
}

test('what comes while an input is dealt with waits for it, in its order', () => {
  const { done, note } = setUp();
  note('echo', 'after');
  expect(done).toEqual(['echo', 'first echo', 'second echo', 'after']);
});

test('a machine is woken when it wants to be, also where that has moved on or come nearer', () => {
  const { clock, done, machine, note } = setUp();
  note('a');
  clock.advance(600);
  note('b');
  clock.advance(900);
  expect(done).toEqual(['a', 'b']);
  clock.advance(100);
  expect(done).toEqual(['a', 'b', 'woken at 1600']);
  machine.handle = (_, nowMs) => {
    machine.deadlineMs = nowMs + 10;
    return [`at ${nowMs}`];
  };
  note('c');
  clock.advance(10);
  expect(done.slice(3)).toEqual(['at 1600', 'at 1610']);
});

test('a runner that was stopped deals with nothing more, and is not woken', () => {
  const { clock, done, note } = setUp();
  note('a', 'stop', 'b');
  clock.advance(10_000);
  expect(done).toEqual(['a', 'stop']);
});

test('a runner that was stopped leaves no timer behind', () => {
  const clock = createManualClock();
  const timers = new Set<object>();
  const alarms = new Alarms(
    {
      ...clock,
      after: (delayMs, task) => {
        const timer = {};
        timers.add(timer);
        const cancel = clock.after(delayMs, task);
        return () => {
          timers.delete(timer);
          cancel();
        };
      },
    },
    50,
  );
  const machine = { deadlineMs: 1_000, handle: () => [] };
  const runner = new Runner<Input, never>({
    machine,
    clock,
    alarms,
    owner: { perform: () => undefined, settled: () => undefined },
  });
  runner.input({ type: 'wake' });
  expect(timers.size).toBe(1);
  runner.stop();
  expect(timers.size).toBe(0);
});
