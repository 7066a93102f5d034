import { Histogram } from '../src/fleet/histogram.ts';
import { DueReadings, Schedule } from '../src/fleet/schedule.ts';
import type { LoadResult, OpenPace } from './load.ts';

/** What decides when units send. `answered` is told the number of the unit whose reading was answered. */
export interface Pace {
  begin(): void;
  answered(unit: number): void;
  /** No unit sends any more; what is on its way is waited for. */
  rest(): void;
}

export interface PaceOptions {
  readonly units: number;
  readonly send: (unit: number) => void;
  /** All that was to be sent has been answered. */
  readonly done: (result: LoadResult) => void;
}

/** Each unit sends as soon as it has been answered, until `frames` were sent. */
export function closedLoop(frames: number, { units, send, done }: PaceOptions): Pace {
  const startedMs = performance.now();
  let left = frames;
  let onTheWay = 0;
  let answers = 0;
  const next = (unit: number): void => {
    left -= 1;
    onTheWay += 1;
    send(unit);
  };
  return {
    begin: () => {
      const count = Math.min(units, frames);
      for (let unit = 0; unit < count; unit += 1) next(unit);
    },
    answered: (unit) => {
      onTheWay -= 1;
      answers += 1;
      if (left > 0) next(unit);
      else if (onTheWay === 0) {
        done({ elapsedMs: performance.now() - startedMs, answers, latency: new Histogram().counts });
      }
    },
    rest: () => void (left = 0),
  };
}

/** How long an open loop sleeps at most before it looks for answers. */
const sleepMsMax = 0.5;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Readings fall due unit after unit at a constant rate, however late the answers are; latency counts from when they were due. Each is sent at its own moment, as
 * a thousand machines would: a timer has whole milliseconds, and the five readings of each would wake the server once instead of five times.
 */
export function openLoop({ perSecond, seconds }: OpenPace, { units, send, done }: PaceOptions): Pace {
  const startMs = performance.now();
  const schedule = new Schedule({ startMs, readingsPerSecond: perSecond, clients: units });
  const readings = new DueReadings(
    schedule,
    Array.from({ length: units }, (_, unit) => unit),
  );
  const due = new Int32Array(units);
  const answered = new Int32Array(units);
  const latency = new Histogram();
  let untilMs = startMs + seconds * 1_000;
  let onTheWay = 0;
  let answers = 0;
  let over = false;
  const takeDue = (): void => {
    const nowMs = performance.now();
    readings.through(Math.min(nowMs, untilMs), (unit, seq) => {
      onTheWay += 1;
      due[unit] = seq;
      // One that is still waiting for an answer sends this one when it has it.
      if (seq - (answered[unit] ?? 0) === 1) send(unit);
    });
    over = nowMs >= untilMs;
    if (over) {
      if (onTheWay === 0) finish();
      return;
    }
    const waitMs = Math.min(sleepMsMax, readings.nextMs - performance.now());
    if (waitMs > 0) Atomics.wait(sleeper, 0, 0, waitMs);
    // Once round the loop, which takes the answers that have come.
    setImmediate(takeDue);
  };
  const finish = (): void => done({ elapsedMs: performance.now() - startMs, answers, latency: latency.counts });
  return {
    begin: takeDue,
    answered: (unit) => {
      const seq = (answered[unit] ?? 0) + 1;
      answered[unit] = seq;
      onTheWay -= 1;
      answers += 1;
      latency.record(performance.now() - schedule.dueMs(unit, seq));
      if ((due[unit] ?? 0) > seq) send(unit);
      if (over && onTheWay === 0) finish();
    },
    rest: () => void (untilMs = Math.min(untilMs, performance.now())),
  };
}
