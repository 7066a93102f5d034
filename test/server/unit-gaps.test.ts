import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnitGaps } from '../../src/server/unit-gaps.ts';
import { KeptGaps } from './kept-gaps.ts';

/** A unit at an interval of 10 s, with live rounds every 10 s up to second 100; numbers are seconds. */
function unit({ v = 2, kept = new KeptGaps() }: { v?: 1 | 2; kept?: KeptGaps } = {}) {
  const gaps = new UnitGaps({ clientId: 'u', keeper: kept, lateMs: () => 15_000, keepsBacklog: () => v === 2 });
  const rounds = (from: number, to: number): void => {
    for (let at = from; at <= to; at += 10) gaps.round(at * 1000);
  };
  const late = (from: number, to: number): void => {
    for (let at = from; at <= to; at += 10) gaps.late(at * 1000);
  };
  rounds(10, 100);
  return { kept, gaps, rounds, late, told: () => kept.told };
}

test('a unit that is lost and has sent readings has a gap from the last of them, once', () => {
  const { gaps, told } = unit();
  gaps.ended('lost');
  gaps.ended('lost');
  expect(told()).toEqual(['lost 100-']);
  const kept = new KeptGaps();
  new UnitGaps({ clientId: 'u', keeper: kept, lateMs: () => 15_000, keepsBacklog: () => true }).ended('lost');
  expect(kept.told).toEqual([]);
});

test('a unit that comes back with nothing of the time between was off', () => {
  const { gaps, rounds, told } = unit();
  gaps.ended('lost');
  rounds(500, 600);
  expect(told()).toEqual(['host-off 100-500']);
});

test('a unit that brings readings of the time between was cut off, and nothing is missing', () => {
  const { gaps, rounds, late, told } = unit();
  gaps.ended('lost');
  rounds(500, 500);
  late(110, 300);
  rounds(510, 510);
  late(310, 490);
  rounds(520, 600);
  expect(told()).toEqual(['host-off 100>500-500']);
});

test('a backlog that comes before the first live round fills the gap as well', () => {
  const { gaps, rounds, late, told } = unit();
  gaps.ended('lost');
  late(110, 490);
  rounds(500, 600);
  expect(told()).toEqual(['lost 100>500-500']);
});

test('a machine that was cut off and then off has filled the first part only', () => {
  const { gaps, rounds, late, told } = unit();
  gaps.ended('lost');
  rounds(500, 510);
  late(110, 200);
  rounds(520, 600);
  expect(told()[0]).toMatch(/^host-off 100>\d+-500$/);
  gaps.ended('left');
  expect(told()[1]).toBe('left 600-');
});

test('a jump in the backlog is time in which nothing was taken', () => {
  const { gaps, rounds, late, told } = unit();
  gaps.ended('lost');
  rounds(500, 510);
  late(110, 200);
  late(350, 490);
  expect(told()).toEqual(['host-off 100>200-350', 'host-off 350>500-500']);
});

test('a link that breaks while a backlog arrives makes a second gap, and both are filled', () => {
  const { gaps, rounds, late, told } = unit();
  gaps.ended('lost');
  rounds(500, 510);
  late(110, 300);
  gaps.ended('lost');
  rounds(800, 800);
  late(310, 490);
  late(520, 790);
  expect(told()).toEqual(['host-off 100>500-500', 'host-off 510>800-800']);
});

test('a connection that breaks and is back within a round leaves no gap', () => {
  const { gaps, rounds, told } = unit();
  gaps.ended('lost');
  expect(told()).toHaveLength(1);
  rounds(110, 120);
  expect(told()).toEqual([]);
});

test('a round that was held over a sleep does not hide it', () => {
  const { gaps, rounds, told } = unit();
  gaps.ended('lost');
  // Taken before it slept, sent when it woke.
  rounds(110, 110);
  rounds(5_000, 5_100);
  expect(told()).toEqual(['host-off 110-5000']);
});

test('a round that is sent once more ends no gap', () => {
  const { gaps, rounds, told } = unit();
  gaps.ended('lost');
  gaps.round(100_000);
  expect(told()).toEqual(['lost 100-']);
  rounds(500, 600);
  expect(told()).toEqual(['host-off 100-500']);
});

test('a unit that left has a gap of that reason, whatever v', () => {
  const { gaps, rounds, told } = unit();
  gaps.ended('left');
  expect(told()).toEqual(['left 100-']);
  rounds(500, 600);
  expect(told()).toEqual(['left 100-500']);
});

test('of a v1 unit nobody knows why it was gone', () => {
  const { gaps, rounds, told } = unit({ v: 1 });
  gaps.ended('lost');
  rounds(500, 600);
  expect(told()).toEqual(['lost 100-500']);
});

test('a clock that was set back while the unit was gone leaves no gap, since nobody knows how long it was', () => {
  const { gaps, rounds, told } = unit();
  rounds(1_000, 1_100);
  gaps.ended('lost');
  rounds(10, 200);
  expect(told()).toEqual([]);
  gaps.ended('lost');
  rounds(400, 500);
  expect(told()).toEqual(['host-off 200-400']);
});

test('a unit that is lost after its clock was set back has one gap that lasts', () => {
  const { gaps, rounds, told } = unit();
  gaps.ended('lost');
  rounds(500, 600);
  rounds(10, 50);
  gaps.ended('lost');
  gaps.ended('lost');
  expect(told()).toEqual(['lost 50-', 'host-off 100-500']);
  rounds(90, 90);
  expect(told()).toEqual(['host-off 50-90', 'host-off 100-500']);
});

test('what the client dropped is one gap, told at once or bit by bit, and explains the hole that it leaves', () => {
  for (const order of ['before', 'after'] as const) {
    const { gaps, rounds, late, told } = unit();
    const drop = (): void => {
      gaps.dropped({ fromMs: 110_000, toMs: 200_000, count: 40 });
      gaps.dropped({ fromMs: 210_000, toMs: 290_000, count: 36 });
      // Sent twice.
      gaps.dropped({ fromMs: 210_000, toMs: 290_000, count: 36 });
    };
    gaps.ended('lost');
    rounds(500, 500);
    if (order === 'before') drop();
    late(300, 490);
    if (order === 'after') drop();
    expect(told(), order).toEqual(['spool-dropped ×76 110-290', 'host-off 300>500-500']);
  }
});

test('what the client dropped elsewhere explains no other hole', () => {
  const { gaps, rounds, told } = unit();
  gaps.ended('lost');
  rounds(500, 500);
  gaps.dropped({ fromMs: 110_000, toMs: 200_000, count: 40 });
  gaps.dropped({ fromMs: 900_000, toMs: 950_000, count: 2 });
  expect(told()).toEqual(['host-off 100-500', 'spool-dropped ×40 110-200', 'spool-dropped ×2 900-950']);
});

test('the store is told of a long backlog now and then', () => {
  const { gaps, rounds, late, kept } = unit();
  gaps.ended('lost');
  rounds(100_000, 100_000);
  const before = kept.writes;
  late(110, 99_990);
  const writes = kept.writes - before;
  expect(writes).toBeGreaterThan(9_989 / 64 - 1);
  expect(writes).toBeLessThan(9_989 / 64 + 3);
});

test('the next server goes on filling where the last one was, and is told from when to read again', () => {
  const { gaps, rounds, late, kept } = unit();
  gaps.ended('lost');
  rounds(5_000, 5_000);
  late(110, 2_000);
  const [stored] = [...kept.byNumber.values()];
  expect(stored?.filledMs).toBeLessThan(2_000_000);
  expect(stored?.filledMs).toBeGreaterThan(1_300_000);

  const next = unit({ kept });
  const restored = new UnitGaps({ clientId: 'u', keeper: kept, lateMs: () => 15_000, keepsBacklog: () => true });
  restored.restore([...kept.byNumber.values()], 5_000_000);
  restored.ended('lost');
  expect(restored.takeRecall()).toEqual({ fromMs: stored?.filledMs, toMs: 5_000_000 });
  expect(restored.takeRecall()).toBeUndefined();
  for (let at = 1_310; at <= 4_990; at += 10) restored.late(at * 1000);
  restored.round(5_010_000);
  restored.round(5_020_000);
  expect(next.told()).toEqual(['host-off 100>5000-5000']);
});

test('a gap that lasts is taken up by the next server, and not begun again', () => {
  const { gaps, kept } = unit();
  gaps.ended('left');
  const restored = new UnitGaps({ clientId: 'u', keeper: kept, lateMs: () => 15_000, keepsBacklog: () => true });
  restored.restore([...kept.byNumber.values()], 100_000);
  restored.ended('left');
  expect(kept.told).toEqual(['left 100-']);
  restored.round(400_000);
  expect(kept.told).toEqual(['left 100-400']);
});

test('whatever comes in whatever order, gaps keep their form and one at most lasts', () => {
  const input = fc.oneof(
    fc.record({ type: fc.constant('round' as const), at: fc.integer({ min: 0, max: 5_000 }) }),
    fc.record({ type: fc.constant('late' as const), at: fc.integer({ min: 0, max: 5_000 }) }),
    fc.record({ type: fc.constantFrom('lost' as const, 'left' as const), at: fc.constant(0) }),
    fc.record({ type: fc.constant('dropped' as const), at: fc.integer({ min: 0, max: 4_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(input, { maxLength: 120 }), (inputs) => {
      const { gaps, kept } = unit();
      for (const { type, at } of inputs) {
        if (type === 'round') gaps.round(at * 1000);
        else if (type === 'late') gaps.late(at * 1000);
        else if (type === 'dropped') gaps.dropped({ fromMs: at * 1000, toMs: at * 1000 + 90_000, count: 9 });
        else gaps.ended(type);
      }
      const all = [...kept.byNumber.values()];
      for (const { fromMs, filledMs, toMs } of all) {
        expect(filledMs).toBeGreaterThanOrEqual(fromMs);
        expect(toMs ?? filledMs).toBeGreaterThanOrEqual(filledMs);
      }
      expect(all.filter(({ toMs }) => toMs === undefined).length).toBeLessThanOrEqual(1);
    }),
  );
});
