import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { BoundedOutput } from '../../src/sinks/bounded-output.ts';
import { createManualClock } from '../manual-clock.ts';

/** A stream whose reader takes what it holds only when told to, or fails. */
function createReader() {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  let failure: NodeJS.ErrnoException | undefined;
  const stream = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      waiting.push(() => {
        if (failure === undefined) taken.push(text);
        done(failure);
      });
    },
  });
  return {
    stream,
    text: () => taken.join(''),
    failWith(code: string) {
      failure = Object.assign(new Error(`${code}: write`), { code });
    },
    /** Takes one piece, or all; resolves when the stream has told its writer. */
    async take(count = Number.POSITIVE_INFINITY) {
      for (let taking = 0; taking < count; taking += 1) {
        const next = waiting.shift();
        if (next === undefined) return;
        next();
        await nextTurn();
      }
    },
  };
}

/** Streams tell of errors and of what is written on a later turn of the loop. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

const smallLimits = { readingsHeldMax: 100, eventsHeldMax: 200 };
const fortyCharacters = `${'.'.repeat(39)}\n`;

function setUp({
  owned = false,
  reopen = () => Promise.reject<Writable>(new Error('still broken')),
  limits = smallLimits,
} = {}) {
  const reader = createReader();
  const clock = createManualClock();
  const complaints: string[] = [];
  const output = new BoundedOutput({
    name: 'stdout',
    format: { style: 'json' },
    stream: reader.stream,
    reopen,
    owned,
    clock,
    complain: (text) => void complaints.push(text),
    limits,
  });
  return { reader, clock, complaints, output };
}

function droppedLine(count: number, time = '10:00:00'): string {
  return `{"time":"2026-11-21T${time}.000Z","level":"warn","event":"log-dropped","count":${count},"output":"stdout"}\n`;
}

test('readings above the bound are dropped without being rendered, and said with their number once the reader has caught up', async () => {
  const { reader, output } = setUp();
  for (let batch = 0; batch < 3; batch += 1) output.writeReadings(1, () => fortyCharacters);
  output.writeReadings(7, () => expect.unreachable('there is no room'));
  output.writeReadings(2, () => expect.unreachable('there is no room'));
  await reader.take();
  expect(reader.text()).toBe(fortyCharacters.repeat(3) + droppedLine(9));
});

test('after a drop no reading is taken until the drop is said, even where one would fit', async () => {
  const { reader, output } = setUp();
  for (let batch = 0; batch < 3; batch += 1) output.writeReadings(1, () => fortyCharacters);
  output.writeReadings(1, () => fortyCharacters);
  await reader.take(1);
  output.writeReadings(1, () => expect.unreachable('the gap has not been said'));
  await reader.take();
  output.writeReadings(1, () => 'after\n');
  await reader.take();
  expect(reader.text()).toBe(`${fortyCharacters.repeat(3)}${droppedLine(2)}after\n`);
});

test('events are taken where readings are not, up to a bound of their own', async () => {
  const { reader, output } = setUp();
  for (let batch = 0; batch < 3; batch += 1) output.writeReadings(1, () => fortyCharacters);
  for (let event = 0; event < 5; event += 1) output.writeEvent(fortyCharacters);
  await reader.take();
  expect(reader.text()).toBe(fortyCharacters.repeat(5) + droppedLine(3));
});

test('a reader that has not read for long costs no more than the bounds', async () => {
  const { reader, output } = setUp();
  for (let index = 0; index < 10_000; index += 1) {
    output.writeReadings(1, () => fortyCharacters);
    output.writeEvent(fortyCharacters);
  }
  await reader.take();
  expect(reader.text()).toHaveLength(smallLimits.eventsHeldMax + droppedLine(19_995).length);
});

test('what comes while the stream is busy is one piece, of a bounded length', async () => {
  const { reader, output } = setUp({ limits: { readingsHeldMax: 1e6, eventsHeldMax: 1e6 } });
  for (let event = 0; event < 100; event += 1) output.writeEvent(fortyCharacters);
  await reader.take(2);
  expect(reader.text()).toBe(fortyCharacters.repeat(100));
  for (let event = 0; event < 5_000; event += 1) output.writeEvent(fortyCharacters);
  await reader.take(1);
  expect(reader.text()).toHaveLength(40 * 101);
  await reader.take(1);
  expect(reader.text().length - 40 * 101).toBeLessThan(64 * 1024 + 40);
  await reader.take();
  expect(reader.text()).toBe(fortyCharacters.repeat(5_100));
});

test('what came while the stream was busy is written before the end', async () => {
  const { reader, output } = setUp({ owned: true });
  for (let event = 0; event < 3; event += 1) output.writeEvent(fortyCharacters);
  const closed = output.close(1_000);
  await reader.take();
  await closed;
  expect(reader.text()).toBe(fortyCharacters.repeat(3));
});

test('a reader that has gone is said once on standard error, and nothing more is written', async () => {
  const { reader, clock, complaints, output } = setUp();
  reader.failWith('EPIPE');
  output.writeEvent('first\n');
  await reader.take();
  output.writeEvent('second\n');
  output.writeReadings(1, () => expect.unreachable('nobody reads it'));
  clock.advance(3_600_000);
  await reader.take();
  expect(complaints).toEqual(['log to stdout: its reader has gone; nothing more is written there']);
  expect(reader.text()).toBe('');
});

test('a full disk is said once, what it costs is counted, and the stream is opened anew until it works', async () => {
  const replacement = createReader();
  let attempts = 0;
  const { reader, clock, complaints, output } = setUp({
    owned: true,
    reopen: () => {
      attempts += 1;
      return attempts < 3 ? Promise.reject(new Error('ENOSPC: open')) : Promise.resolve(replacement.stream);
    },
  });
  reader.failWith('ENOSPC');
  output.writeReadings(4, () => fortyCharacters);
  await reader.take();
  output.writeEvent('lost too\n');
  for (let seconds = 0; seconds < 15; seconds += 1) {
    clock.advance(1_000);
    await nextTurn();
  }
  await replacement.take();
  output.writeEvent('back\n');
  await replacement.take();
  expect(attempts).toBe(3);
  expect(complaints).toEqual(['log to stdout: ENOSPC: write; its lines are dropped and counted until it works again']);
  expect(replacement.text()).toBe(`${droppedLine(5, '10:00:15')}back\n`);
});

test('what came while a stream was busy that then fails is counted, and the one in its place does not wait for it', async () => {
  const second = createReader();
  const { reader, clock, output } = setUp({ owned: true, reopen: () => Promise.resolve(second.stream) });
  reader.failWith('ENOSPC');
  output.writeReadings(1, () => fortyCharacters);
  output.writeReadings(2, () => fortyCharacters);
  // Its first piece is never told of.
  reader.stream.emit('error', Object.assign(new Error('ENOSPC: rename'), { code: 'ENOSPC' }));
  clock.advance(5_000);
  await nextTurn();
  await second.take();
  output.writeEvent('back\n');
  await second.take();
  expect(second.text()).toBe(`${droppedLine(2, '10:00:05')}back\n`);
});

test('a failure an hour after another one is said again', async () => {
  const second = createReader();
  const { reader, clock, complaints, output } = setUp({ owned: true, reopen: () => Promise.resolve(second.stream) });
  reader.failWith('ENOSPC');
  output.writeEvent('first\n');
  await reader.take();
  clock.advance(3_600_000);
  await nextTurn();
  second.failWith('EIO');
  await second.take();
  expect(complaints).toHaveLength(2);
});

test('a count whose own line is lost is in the next one', async () => {
  const second = createReader();
  const third = createReader();
  const replacements = [second, third];
  const { reader, clock, output } = setUp({
    owned: true,
    reopen: () => Promise.resolve((replacements.shift() ?? createReader()).stream),
  });
  reader.failWith('ENOSPC');
  second.failWith('ENOSPC');
  output.writeReadings(3, () => fortyCharacters);
  await reader.take();
  for (const replacement of [second, third]) {
    clock.advance(5_000);
    await nextTurn();
    await replacement.take();
  }
  expect(third.text()).toBe(droppedLine(3, '10:00:10'));
});

test('closing waits until all is written, says what was dropped, and ends a stream of its own', async () => {
  const { reader, output } = setUp({ owned: true });
  for (let batch = 0; batch < 4; batch += 1) output.writeReadings(1, () => fortyCharacters);
  const closed = output.close(5_000);
  await reader.take();
  await closed;
  expect(reader.text()).toBe(fortyCharacters.repeat(3) + droppedLine(1));
  expect(reader.stream.writableFinished).toBe(true);
});

test('closing standard output waits until all is written and leaves it open', async () => {
  const { reader, output } = setUp();
  output.writeEvent('first\n');
  output.writeEvent('second\n');
  const closed = output.close(5_000);
  await reader.take();
  await closed;
  output.writeEvent('too late\n');
  expect(reader.text()).toBe('first\nsecond\n');
  expect(reader.stream.writable).toBe(true);
});

test.each([true, false])('closing a stuck output ends after its bound (a stream of its own: %s)', async (owned) => {
  const { clock, output } = setUp({ owned });
  output.writeEvent('never read\n');
  const closed = output.close(5_000);
  clock.advance(5_000);
  await expect(closed).resolves.toBeUndefined();
});

test('a stream that is opened anew after closing is let go', async () => {
  const late = createReader();
  const { reader, clock, output } = setUp({ owned: true, reopen: () => Promise.resolve(late.stream) });
  reader.failWith('ENOSPC');
  output.writeEvent('first\n');
  await reader.take();
  clock.advance(5_000);
  await output.close(1_000);
  await nextTurn();
  expect(late.stream.destroyed).toBe(true);
});

test('a failed output that is closed is not opened anew', async () => {
  let attempts = 0;
  const { reader, clock, output } = setUp({
    owned: true,
    reopen: () => {
      attempts += 1;
      return Promise.resolve(createReader().stream);
    },
  });
  reader.failWith('ENOSPC');
  output.writeEvent('first\n');
  await reader.take();
  await output.close(1_000);
  clock.advance(3_600_000);
  expect(attempts).toBe(0);
});
