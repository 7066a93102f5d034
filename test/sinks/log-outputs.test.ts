import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UnitReading } from '../../src/core/reading.ts';
import { openLogOutputs, type LogOutputs, type LogOutputsOptions } from '../../src/sinks/log-outputs.ts';
import { createPlainLog } from '../../src/sinks/plain-log.ts';
import { createReadingLog } from '../../src/sinks/reading-log.ts';
import { createManualClock } from '../manual-clock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-outputs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function open(options: Partial<LogOutputsOptions> & { readonly isTTY?: boolean } = {}) {
  const written: string[] = [];
  const stdout = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      written.push(text);
      done();
    },
  });
  const clock = createManualClock();
  const outputs = await openLogOutputs({
    stdout: Object.assign(stdout, { isTTY: options.isTTY ?? false }),
    format: undefined,
    colour: false,
    file: undefined,
    fileBytesMax: 1_000_000,
    filesMax: 3,
    clock,
    complain: (text) => expect.unreachable(text),
    ...options,
  });
  return { outputs, stdout: () => written.join(''), clock };
}

const celsius = (value: number): UnitReading => ({
  clientId: 'c1',
  unit: 'bench-03',
  reading: { sensor: 'cpu_temp', time: 1, epoch: undefined, seq: undefined, values: { celsius: value } },
});

function writeOneOfEach(outputs: LogOutputs, clock: ReturnType<typeof createManualClock>): void {
  createPlainLog({ level: 'info', outputs: outputs.events, clock })('info', 'registered', { unit: 'bench-03' });
  const log = createReadingLog({ level: () => 'info', output: outputs.readings, clock });
  log.write({ timeMs: clock.wallMs(), readings: [celsius(50)] });
  log.flush();
}

/** 0 for the file itself, 1 for the newest that was moved away. */
const age = (name: string): number => Number(name.split('.')[2] ?? 0);

const eventsIn = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line): { readonly event: unknown } => JSON.parse(line))
    .map(({ event }) => event);

describe('where lines go', () => {
  test('without a log file all events go to standard output', async () => {
    const { outputs, stdout, clock } = await open();
    writeOneOfEach(outputs, clock);
    await outputs.close(1_000);
    expect(eventsIn(stdout())).toEqual(['registered', 'reading']);
  });

  test('with a log file all events go to it, and standard output keeps all but readings', async () => {
    const file = join(folder, 'server.log');
    const { outputs, stdout, clock } = await open({ file });
    writeOneOfEach(outputs, clock);
    await outputs.close(1_000);
    expect(eventsIn(stdout())).toEqual(['registered']);
    expect(eventsIn(readFileSync(file, 'utf8'))).toEqual(['registered', 'reading']);
  });

  test.each([
    { format: undefined, isTTY: false, stdout: 'json', file: 'json' },
    { format: undefined, isTTY: true, stdout: 'pretty', file: 'json' },
    { format: 'pretty', isTTY: false, stdout: 'pretty', file: 'pretty' },
    { format: 'json', isTTY: true, stdout: 'json', file: 'json' },
  ] as const)(
    'format $format gives $stdout on standard output (a terminal: $isTTY) and $file in the file',
    async (wanted) => {
      const { outputs } = await open({
        format: wanted.format,
        isTTY: wanted.isTTY,
        file: join(folder, 'a.log'),
        colour: true,
      });
      await outputs.close(1_000);
      expect(outputs.events.map(({ format }) => format.style)).toEqual([wanted.stdout, wanted.file]);
      expect(outputs.events[1]?.format).not.toMatchObject({ colour: true });
    },
  );
});

describe('a log file', () => {
  test('is rotated by size and count, and no line is lost or torn on the way', async () => {
    const { outputs, clock } = await open({ file: join(folder, 'server.log'), fileBytesMax: 20_000, filesMax: 100 });
    const log = createReadingLog({ level: () => 'info', output: outputs.readings, clock });
    for (let batch = 0; batch < 1_500; batch += 1) {
      log.write({ timeMs: clock.wallMs(), readings: [celsius(2 * batch), celsius(2 * batch + 1)] });
      log.flush();
    }
    await outputs.close(10_000);
    const files = readdirSync(folder).toSorted((a, b) => age(b) - age(a));
    expect(files.length).toBeGreaterThan(3);
    const contents = files.map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(contents.every((text) => text.length < 20_000 + 64 * 1024 + 400)).toBe(true);
    const values = contents
      .join('')
      .trimEnd()
      .split('\n')
      .map((line): { readonly celsius: unknown } => JSON.parse(line))
      .map(({ celsius: value }) => value);
    expect(values).toEqual(Array.from({ length: 3_000 }, (_, index) => index));
  });

  test('leaves no more rotated files than wanted', async () => {
    const { outputs, clock } = await open({ file: join(folder, 'server.log'), fileBytesMax: 200, filesMax: 2 });
    const log = createReadingLog({ level: () => 'info', output: outputs.readings, clock });
    for (let batch = 0; batch < 20; batch += 1) {
      log.write({ timeMs: clock.wallMs(), readings: [celsius(batch), celsius(batch)] });
      log.flush();
    }
    await outputs.close(10_000);
    expect(readdirSync(folder).toSorted()).toEqual(['server.log', 'server.log.1', 'server.log.2']);
  });

  test('is appended to, on a new line where the last one is torn', async () => {
    const file = join(folder, 'server.log');
    writeFileSync(file, '{"event":"registered"}\n{"time":"2026-');
    const { outputs, clock } = await open({ file });
    writeOneOfEach(outputs, clock);
    await outputs.close(1_000);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual(['{"event":"registered"}', '{"time":"2026-']);
    expect(eventsIn(lines.slice(2).join('\n'))).toEqual(['registered', 'reading']);
  });

  test('is readable by its group and nobody else', async () => {
    const file = join(folder, 'server.log');
    const { outputs } = await open({ file });
    await outputs.close(1_000);
    expect(execFileSync('stat', ['-c', '%a', file], { encoding: 'utf8' }).trim()).toMatch(/^6[04]0$/);
  });

  test.each([
    ['in a folder that is not there', (at: string) => join(at, 'missing', 'server.log')],
    ['below a file', (at: string) => (writeFileSync(join(at, 'file'), ''), join(at, 'file', 'server.log'))],
    ['that is a folder', (at: string) => (mkdirSync(join(at, 'server.log')), join(at, 'server.log'))],
    ['that is a pipe', (at: string) => (execFileSync('mkfifo', [join(at, 'pipe')]), join(at, 'pipe'))],
  ])('%s is refused at the start, with its path and what to do', async (_name, make) => {
    const file = make(folder);
    await expect(open({ file })).rejects.toMatchObject({
      code: 'log-file-unwritable',
      exitCode: 2,
      message: expect.stringMatching(/^log file .* cannot be written: .*; make its folder, /),
    });
  });
});
