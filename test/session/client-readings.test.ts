import { describe, expect, test } from 'vitest';
import { acknowledgement, framed } from '../../src/framing/frame.ts';
import { acknowledged, live, parted, reading } from './client-bench.ts';

function line(seq: number): string {
  return `send !INFO{"seq":${seq},"time":1795255200000,"sensor":"cpu_temp","celsius":54.5}`;
}

function manyReadings(count: number, from = 1): readonly ReturnType<typeof reading>[] {
  return Array.from({ length: count }, (_, index) => reading(from + index));
}

describe('readings', () => {
  test('go out as they are offered, and are released in the order of their acknowledgements', () => {
    const bench = live();
    expect(bench.offer(reading(1), reading(2))).toEqual([line(1), line(2)]);
    expect(bench.offer(reading(3))).toEqual([line(3)]);
    expect(bench.frames(acknowledged)).toEqual(['released 1']);
    expect(bench.frames(acknowledgement('!INFO', false))).toEqual(['released 2']);
    expect(bench.frames(acknowledged)).toEqual(['released 3']);
  });

  test('carry their epoch where it is not that of the connection', () => {
    const bench = live();
    const [sent] = bench.offer({ ...reading(9), epoch: '00c0ffee', id: 'a', source: 'b' });
    expect(sent).toContain(
      '{"seq":9,"time":1795255200000,"sensor":"cpu_temp","id":"a","epoch":"00c0ffee","source":"b",',
    );
  });

  test('are at most 256 unanswered', () => {
    const bench = live();
    bench.offer(...manyReadings(200));
    expect(bench.session.room).toBe(56);
    bench.offer(...manyReadings(56, 201));
    expect(bench.session.room).toBe(0);
    expect(() => bench.offer(reading(257))).toThrow('1 readings offered where there is room for 0');
    bench.frames(acknowledged, acknowledged);
    expect(bench.session.room).toBe(2);
  });

  test('that are refused are let go with the server’s words, and the connection goes on', () => {
    const bench = live();
    bench.offer(reading(1), reading(2), reading(3));
    expect(bench.frames(acknowledged, framed('!FAIL', 'bad-reading used is not a number'), acknowledged)).toEqual([
      'released 1',
      'refused 2: used is not a number',
      'released 3',
    ]);
    bench.offer(reading(4));
    expect(bench.frames(framed('!FAIL', 'bad-reading'))).toEqual(['refused 4: ']);
    expect(bench.session.room).toBe(256);
  });

  test('that are not answered in 30 s end the connection, counted from the oldest', () => {
    const bench = live();
    bench.offer(reading(1));
    bench.pass(10_000);
    bench.offer(reading(2));
    bench.pass(10_000);
    bench.frames(acknowledged);
    expect(bench.pass(19_999)).toEqual([]);
    expect(bench.pass(1)).toEqual([
      '1 close: no answer to a reading within 30 s',
      '1 lost for 250 ms: no answer to a reading within 30 s',
    ]);
  });

  test('that nobody sent cannot be acknowledged or refused', () => {
    const words = 'the server answered what was not asked';
    for (const frame of [acknowledged, framed('!FAIL', 'bad-reading x')]) {
      expect(live().frames(frame)).toEqual([`close: ${words}`, `lost for 250 ms: ${words}`]);
    }
  });

  test('that are offered without a registration are not sent', () => {
    const bench = live();
    bench.input({ type: 'closed', reason: 'x' });
    expect(bench.offer(reading(1))).toEqual([]);
    expect(bench.round(reading(1))).toEqual([]);
  });

  test('that were unanswered on an earlier connection are not waited for on this one', () => {
    const bench = live();
    bench.offer(reading(1));
    bench.input({ type: 'closed', reason: 'x' });
    expect(bench.frames(acknowledged)).toEqual([]);
  });

  test('in rounds are for v1 servers', () => {
    const bench = live();
    expect(bench.round(reading(1))).toEqual([]);
    expect(bench.pass(60_000)).toEqual([]);
  });
});

describe('a failure of any other code', () => {
  test.each([
    'bad-registration',
    'unknown-command',
    'not-registered',
    'bad-frame',
    'too-many',
    'not-allowed',
    'store-unavailable',
    'shutting-down',
    'what-is-this',
  ])('like %s ends the connection, and releases nothing', (code) => {
    const bench = live();
    bench.offer(reading(1));
    expect(bench.frames(framed('!FAIL', `${code} some words`))).toEqual([
      `close: ${code}: some words`,
      `lost for 250 ms: ${code}: some words`,
    ]);
  });

  test('ends a registration, and without words as well', () => {
    const bench = live();
    expect(bench.frames(framed('!FAIL', 'shutting-down'))[0]).toBe('close: shutting-down: ');
    expect(live().frames(framed('!FAIL'))[0]).toBe('close: : ');
  });
});

describe('a frame that answers nothing', () => {
  test.each([framed('!SUCC', '{}'), parted, framed('!INFO', '{}'), framed('!WHAT'), framed('!AUTH', 'x')])(
    'is ignored: %j',
    (frame) => {
      const bench = live();
      bench.offer(reading(1));
      expect(bench.frames(frame)).toEqual(['ignored malformed']);
      expect(bench.frames(acknowledged)).toEqual(['released 1']);
    },
  );
});
