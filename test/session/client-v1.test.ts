import { describe, expect, test } from 'vitest';
import type { LabelledReading } from '../../src/core/reading.ts';
import { framed } from '../../src/framing/frame.ts';
import { acknowledged, live, parted, reading } from './client-bench.ts';
import { tag } from './tag.ts';

const disk: LabelledReading = { ...reading(2), sensor: 'disk', id: '/', values: { used: 24, total: 100 } };
const ram: LabelledReading = { ...reading(3), sensor: 'ram', values: { used: 18, total: 1000 } };
const round = [reading(1), disk, ram];

describe('a round for a v1 server', () => {
  test('is one frame of text, and its acknowledgement releases all of its readings', () => {
    const bench = live(1);
    expect(bench.round(...round)).toEqual([
      'send !INFOCPU temperature: 54.5\nStorage % used: 24.0\nMemory % used: 1.8\n',
    ]);
    expect(bench.frames(acknowledged)).toEqual(['released 1,2,3']);
  });

  test('waits for the answer to the one before, and is replaced by a newer one', () => {
    const bench = live(1);
    bench.round(reading(1, 1));
    expect(bench.round(reading(2, 2))).toEqual([]);
    expect(bench.round(reading(3, 3))).toEqual([]);
    expect(bench.frames(acknowledged)).toEqual(['released 1', 'send !INFOCPU temperature: 3.0\n']);
    expect(bench.frames(acknowledged)).toEqual(['released 3']);
    expect(bench.pass(60_000)).toEqual([]);
  });

  test('without anything that v1 has words for is not sent', () => {
    const bench = live(1);
    expect(bench.round({ ...reading(1), sensor: 'cpu', values: { load: 1 } })).toEqual([]);
    expect(bench.round(reading(2))).toEqual(['send !INFOCPU temperature: 54.5\n']);
  });

  test('that is not answered in 30 s ends the connection', () => {
    const bench = live(1);
    bench.round(reading(1));
    expect(bench.pass(30_000)[0]).toBe('30000 close: no answer to a reading within 30 s');
  });

  test('is all that it gets: a backlog cannot be offered', () => {
    const bench = live(1);
    expect(bench.session.room).toBe(0);
    expect(() => bench.offer(reading(1))).toThrow('1 readings offered where there is room for 0');
  });

  test('that it refuses is let go', () => {
    const bench = live(1);
    bench.round(reading(1));
    expect(bench.frames(framed('!FAIL', 'bad-reading no'))).toEqual(['refused 1: no']);
  });
});

describe('an interval of a v1 server', () => {
  test('is decimal text, by UDP from the server’s address alone', () => {
    const bench = live(1);
    expect(bench.datagram('5', '203.0.113.9')).toEqual(['ignored stranger']);
    expect(bench.datagram('5')).toEqual(['interval 0: 5 s', 'send !UDPT: RECEIVED']);
    const underNoKey = `{"interval":7,"rev":2,"tag":"${tag('', '1001\n2\n7')}"}`;
    for (const data of ['7', underNoKey]) expect(bench.frames(framed('!UPDT', data))).toEqual(['ignored malformed']);
  });

  test.each(['0', '', '-5', '5.5', 'five', '100000', '86401', '{"interval":5}', '5 5'])('is not %j', (data) => {
    expect(live(1).datagram(data)).toEqual(['ignored malformed']);
  });

  test.each(['1', '05', ' 5\n', '86400'])('is %j', (data) => {
    expect(live(1).datagram(data)[0]).toBe(`interval 0: ${Number(data)} s`);
  });

  test('comes in !UPDT and in no other datagram', () => {
    expect(live(1).input({ type: 'datagram', frame: framed('!INFO', '5'), from: '192.0.2.1' })).toEqual([
      'ignored malformed',
    ]);
  });
});

describe('the confirmation of an interval', () => {
  test('is followed by a second of quiet, in which a round waits', () => {
    const bench = live(1);
    bench.datagram('5');
    bench.pass(400);
    expect(bench.round(reading(1))).toEqual([]);
    expect(bench.pass(599)).toEqual([]);
    expect(bench.pass(1)).toEqual(['1 send !INFOCPU temperature: 54.5\n']);
    expect(bench.frames(acknowledged)).toEqual(['released 1']);
  });

  test('waits for the answer that is due, and then comes before the round that waits', () => {
    const bench = live(1);
    bench.round(reading(1));
    expect(bench.datagram('5')).toEqual(['interval 0: 5 s']);
    bench.round(reading(2));
    expect(bench.pass(5_000)).toEqual([]);
    expect(bench.frames(acknowledged)).toEqual(['released 1', 'send !UDPT: RECEIVED']);
    expect(bench.pass(5_000)).toEqual(['1000 send !INFOCPU temperature: 54.5\n']);
  });

  test('is one for all that came while it waited, and the next waits for the quiet to end', () => {
    const bench = live(1);
    bench.round(reading(1));
    bench.datagram('5');
    bench.datagram('6');
    expect(bench.frames(acknowledged)).toEqual(['released 1', 'send !UDPT: RECEIVED']);
    expect(bench.datagram('7')).toEqual(['interval 0: 7 s']);
    expect(bench.pass(5_000)).toEqual(['1000 send !UDPT: RECEIVED']);
    expect(bench.pass(60_000)).toEqual([]);
  });

  test('wants no wake for a quiet that nothing waits for', () => {
    const bench = live(1);
    bench.datagram('5');
    expect(bench.session.deadlineMs).toBeUndefined();
  });

  test('has no answer: what comes is that of nothing', () => {
    const bench = live(1);
    bench.datagram('5');
    expect(bench.frames(acknowledged)[0]).toBe('close: the server answered what was not asked');
  });
});

describe('!DISC to a v1 server', () => {
  test('goes out at once where no answer is due', () => {
    const bench = live(1);
    expect(bench.input({ type: 'stop' })).toEqual(['send !DISC']);
    expect(bench.frames(parted)).toEqual(['close: stopped', 'stopped']);
  });

  test('waits for the answer that is due, and goes before a confirmation and a round that wait', () => {
    const bench = live(1);
    bench.round(reading(1));
    bench.datagram('5');
    bench.round(reading(2));
    expect(bench.input({ type: 'stop' })).toEqual([]);
    expect(bench.pass(5_000)).toEqual([]);
    expect(bench.frames(acknowledged)).toEqual(['released 1', 'send !DISC']);
    expect(bench.pass(10_000)).toEqual(['10000 send !DISC']);
    expect(bench.frames(parted)).toEqual(['close: stopped', 'stopped']);
  });

  test('waits for the quiet to end', () => {
    const bench = live(1);
    bench.datagram('5');
    expect(bench.input({ type: 'stop' })).toEqual([]);
    expect(bench.pass(2_000)).toEqual(['1000 send !DISC']);
  });

  test('is not waited for where the answer before it does not come in 30 s', () => {
    const bench = live(1);
    bench.round(reading(1));
    bench.pass(20_000);
    bench.input({ type: 'stop' });
    expect(bench.pass(60_000)).toEqual(['10000 close: stopped', '10000 stopped unconfirmed']);
  });

  test('has 25 s from the stop, its turn included', () => {
    const bench = live(1);
    bench.round(reading(1));
    bench.input({ type: 'stop' });
    bench.pass(20_000);
    expect(bench.frames(acknowledged)).toEqual(['released 1', 'send !DISC']);
    expect(bench.pass(60_000)).toEqual(['5000 close: stopped', '5000 stopped unconfirmed']);
  });
});

describe('a v1 server', () => {
  test('never has two requests before it, nor anything within a second after a confirmation', () => {
    // The whole dialogue, driven hard: a round and a datagram each 300 ms, an answer after 700.
    const bench = live(1);
    let dueMs: number | undefined;
    let quietUntilMs = 0;
    for (let step = 0; step < 2_000; step += 1) {
      const lines = [
        ...bench.pass(100).map((line) => line.replace(/^\S+ /, '')),
        ...(step % 3 === 0 ? bench.round(reading(step + 1)) : []),
        ...(step % 17 === 0 ? bench.datagram(String(1 + (step % 60))) : []),
        ...(dueMs !== undefined && bench.nowMs >= dueMs ? ['answered', ...bench.frames(acknowledged)] : []),
      ];
      for (const line of lines) {
        if (line === 'answered') dueMs = undefined;
        if (!line.startsWith('send ')) continue;
        expect(dueMs).toBeUndefined();
        expect(bench.nowMs).toBeGreaterThanOrEqual(quietUntilMs);
        if (line.startsWith('send !INFO')) dueMs = bench.nowMs + 700;
        else quietUntilMs = bench.nowMs + 1_000;
      }
    }
    const sent = bench.actions.flatMap((action) => (action.type === 'send' ? [action.frame.command] : []));
    expect(sent.filter((command) => command === '!INFO').length).toBeGreaterThan(50);
    expect(sent.filter((command) => command === '!UDPT').length).toBeGreaterThan(50);
  });
});
