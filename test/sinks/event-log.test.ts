import { expect, test } from 'vitest';
import type { Log } from '../../src/core/log.ts';
import { createEventLog } from '../../src/sinks/event-log.ts';
import type { LineFormat } from '../../src/sinks/log-event.ts';
import type { LogOutput } from '../../src/sinks/log-output.ts';
import { createPlainLog, type LogOptions } from '../../src/sinks/plain-log.ts';
import { createManualClock } from '../manual-clock.ts';

function keepLines(format: LineFormat): { readonly output: LogOutput; readonly lines: string[] } {
  const lines: string[] = [];
  const output: LogOutput = {
    name: 'kept',
    format,
    writeEvent: (line) => void lines.push(line),
    writeReadings: () => undefined,
    close: () => Promise.resolve(),
  };
  return { output, lines };
}

function linesOf(
  create: (options: LogOptions) => Log,
  level: LogOptions['level'],
  act: (log: Log) => void,
): string[][] {
  const json = keepLines({ style: 'json' });
  const pretty = keepLines({ style: 'pretty', colour: true });
  act(create({ level, outputs: [json.output, pretty.output], clock: createManualClock() }));
  return [json.lines, pretty.lines];
}

function withWinston({ level, ...options }: LogOptions): Log {
  return createEventLog({ ...options, level: () => level });
}

function everything(log: Log): void {
  log('error', 'failed', { code: 'x', message: 'it broke', stack: 'a\nb' });
  log('warn', 'lost', { unit: 'bench-03', level: 'debug', splat: 1, format: '%s %d' });
  log('info', 'listening', { listener: 'tcp', address: '::', port: 34_567, zone: undefined, none: null, yes: true });
  log('info', '%s of nothing');
  log('debug', 'detail', { escaped: '\u001b[2J\u202e' });
}

test('the log with winston and the one without write the same lines, byte for byte', () => {
  const lines = linesOf(withWinston, 'debug', everything);
  expect(lines).toEqual(linesOf(createPlainLog, 'debug', everything));
  expect(lines.map((ofOutput) => ofOutput.length)).toEqual([5, 5]);
  expect(lines[0]?.[2]).toBe(
    '{"time":"2026-11-21T10:00:00.000Z","level":"info","event":"listening","listener":"tcp","address":"::","port":34567,"none":null,"yes":true}\n',
  );
});

test.each([
  ['error', 1],
  ['warn', 2],
  ['info', 4],
  ['debug', 5],
] as const)('at level %s both logs let %i of the events through', (level, count) => {
  expect(linesOf(withWinston, level, everything)[0]).toHaveLength(count);
  expect(linesOf(createPlainLog, level, everything)[0]).toHaveLength(count);
});

test('a line is written before the call returns, whatever the number of calls', () => {
  const kept = keepLines({ style: 'json' });
  const log = createEventLog({ level: () => 'info', outputs: [kept.output], clock: createManualClock() });
  for (let index = 0; index < 1_000; index += 1) log('info', 'registered', { index });
  expect(kept.lines).toHaveLength(1_000);
});

test('the level of the log with winston may change', () => {
  const kept = keepLines({ style: 'json' });
  let level: LogOptions['level'] = 'info';
  const log = createEventLog({ level: () => level, outputs: [kept.output], clock: createManualClock() });
  log('debug', 'before');
  level = 'debug';
  log('debug', 'after');
  expect(kept.lines).toEqual([expect.stringContaining('after')]);
});
