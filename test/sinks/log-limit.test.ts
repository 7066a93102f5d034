import { expect, test } from 'vitest';
import type { Log } from '../../src/core/log.ts';
import { createEventLog } from '../../src/sinks/event-log.ts';
import type { LineFormat } from '../../src/sinks/log-event.ts';
import { LogLimit } from '../../src/sinks/log-limit.ts';
import type { LogOutput } from '../../src/sinks/log-output.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';

interface Limited {
  readonly clock: ManualClock;
  readonly log: Log;
  readonly limit: LogLimit;
  readonly lines: readonly string[];
  readonly timers: ReadonlySet<object>;
  readonly change: (bytesPerSecond: number) => void;
  /** The events in the log, with what `log-dropped` says. */
  readonly said: () => string[];
}

function setUp(bytesPerSecond: number, formats: readonly LineFormat[] = [{ style: 'json' }]): Limited {
  const clock = createManualClock();
  const lines: string[] = [];
  const outputs = formats.map((format, index): LogOutput => ({
    name: 'kept',
    format,
    writeEvent: (line) => void (index === 0 && lines.push(line)),
    writeReadings: () => undefined,
    close: () => Promise.resolve(),
  }));
  let bytes = bytesPerSecond;
  const timers = new Set<object>();
  const after: ManualClock['after'] = (delayMs, task) => {
    const timer = {};
    timers.add(timer);
    const cancel = clock.after(delayMs, task);
    return () => void (timers.delete(timer) && cancel());
  };
  const limit = new LogLimit({ bytesPerSecondMax: () => bytes, clock: { ...clock, after } });
  const log = createEventLog({ level: () => 'info', outputs, clock, limit });
  const said = (): string[] =>
    lines.map((line) => {
      const { event, count, events } = JSON.parse(line) as Readonly<Record<string, unknown>>;
      return event === 'log-dropped' ? `${event} ${String(count)}: ${String(events)}` : String(event);
    });
  return { clock, log, limit, lines, said, timers, change: (changed) => void (bytes = changed) };
}

/** The bytes of the line of an event without fields. */
function bytesOf(event: string): number {
  const { log, lines } = setUp(1_000_000);
  log('info', event);
  return Buffer.byteLength(lines[0] ?? '');
}

test('lines of as many bytes as a second may have are written, and not one more', () => {
  const { log, said } = setUp(3 * bytesOf('late'));
  for (let count = 0; count < 4; count += 1) log('info', 'late');
  expect(said()).toEqual(['late', 'late', 'late']);
});

test('with a byte of room left one more is written, and owed', () => {
  const { clock, log, said } = setUp(3 * bytesOf('late') + 1);
  for (let count = 0; count < 5; count += 1) log('info', 'late');
  expect(said()).toEqual(['late', 'late', 'late', 'late']);
  // Of the fourth, all but a byte is owed; a third of a second pays for it.
  clock.advance(320);
  log('info', 'late');
  expect(said()).toHaveLength(4);
  clock.advance(20);
  log('info', 'late');
  expect(said()).toHaveLength(5);
});

test('what was dropped is said once a second, by event', () => {
  const { clock, log, said } = setUp(100);
  log('info', 'registered', { unit: 'x'.repeat(400) });
  for (const event of ['lost', 'late', 'lost']) log('warn', event);
  clock.advance(999);
  log('warn', 'lost');
  expect(said()).toEqual(['registered']);
  clock.advance(1);
  expect(said()).toEqual(['registered', 'log-dropped 4: lost 3, late 1']);
  clock.advance(10_000);
  expect(said()).toHaveLength(2);
  log('info', 'registered', { unit: 'x'.repeat(400) });
  log('warn', 'lost');
  clock.advance(1_000);
  expect(said().slice(2)).toEqual(['registered', 'log-dropped 1: lost 1']);
});

test('errors are always written', () => {
  const { log, said } = setUp(100);
  for (let count = 0; count < 50; count += 1) log('error', 'store-unavailable');
  expect(said()).toHaveLength(50);
});

test('events below the level are neither written nor counted', () => {
  const { clock, log, said } = setUp(100);
  for (let count = 0; count < 50; count += 1) log('debug', 'round');
  log('info', 'late');
  clock.advance(2_000);
  expect(said()).toEqual(['late']);
});

test('in the long run so many bytes a second are written', () => {
  const bytesPerSecond = 10 * bytesOf('late');
  const { clock, log, lines } = setUp(bytesPerSecond);
  for (let turn = 0; turn < 1_000; turn += 1) {
    for (let count = 0; count < 10; count += 1) log('info', 'late');
    clock.advance(10);
  }
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  expect(bytes / bytesPerSecond).toBeGreaterThan(10);
  expect(bytes / bytesPerSecond).toBeLessThan(11.5);
});

test('of several outputs the longest line counts', () => {
  const both: readonly LineFormat[] = [{ style: 'json' }, { style: 'pretty', colour: false }];
  const { log, said } = setUp(3 * bytesOf('late'), both);
  for (let count = 0; count < 4; count += 1) log('info', 'late');
  expect(said()).toHaveLength(3);
});

test('bytes are counted, not characters', () => {
  const { log, said } = setUp(bytesOf('late') + 200);
  log('info', 'late', { unit: 'ü'.repeat(100) });
  log('info', 'late');
  expect(said()).toHaveLength(1);
});

test('a limit that changes holds for the next line', () => {
  const { log, said, change } = setUp(1);
  log('info', 'late');
  log('info', 'late');
  expect(said()).toHaveLength(1);
  change(1_000_000);
  log('info', 'late');
  expect(said()).toHaveLength(2);
});

test('closing says the rest, and leaves no timer', () => {
  const { log, limit, said, timers } = setUp(1);
  for (let count = 0; count < 3; count += 1) log('info', 'late');
  limit.close();
  expect(said()).toEqual(['late', 'log-dropped 2: late 2']);
  expect(timers.size).toBe(0);
});
