import { describe, expect, it } from 'vitest';
import { rangeForKey } from '../../../web/src/unit/range-keys.ts';
import {
  draggedTo,
  lengthMsMax,
  lengthMsMin,
  movedBy,
  presets,
  rangeOf,
  scaledBy,
  spanOf,
  wordsOf,
} from '../../../web/src/unit/view-range.ts';

const hour = 3_600_000;
const nowMs = Date.UTC(2026, 10, 21, 10);
const of = (text: string): ReturnType<typeof rangeOf> => rangeOf(new URLSearchParams(text));

describe('the range in the address', () => {
  it('is the last hour where nothing is said, or nonsense', () => {
    for (const text of ['', 'range=', 'range=soon', 'range=-5h', 'range=1x', 'range=Infinitys', 'end=yesterday'])
      expect(of(text)).toEqual({ lengthMs: hour, endMs: undefined });
  });

  it('takes the end as RFC 3339 or as milliseconds', () => {
    expect(of('range=6h&end=2026-11-21T10:00:00Z')).toEqual({ lengthMs: 6 * hour, endMs: nowMs });
    expect(of(`range=6h&end=${nowMs}`)).toEqual({ lengthMs: 6 * hour, endMs: nowMs });
  });

  it('refuses an end that is no date', () => {
    expect(of('end=9999999999999999').endMs).toBeUndefined();
  });

  it('stays within ten seconds and ten years', () => {
    expect(of('range=1s').lengthMs).toBe(lengthMsMin);
    expect(of('range=999y').lengthMs).toBe(lengthMsMax);
  });

  it('reads what it writes', () => {
    const ranges = [
      ...presets.map(({ lengthMs }) => ({ lengthMs, endMs: undefined })),
      { lengthMs: 1_234_567, endMs: nowMs + 789 },
    ];
    for (const range of ranges) {
      const { range: length, end } = wordsOf(range);
      expect(of(new URLSearchParams({ range: length, ...(end !== undefined && { end }) }).toString())).toEqual(range);
    }
  });

  it('calls a length that has a button by its name', () => {
    expect(wordsOf({ lengthMs: 24 * hour, endMs: undefined })).toEqual({ range: '24h', end: undefined });
    expect(wordsOf({ lengthMs: 1_500, endMs: undefined }).range).toBe('1.5s');
  });
});

describe('the range', () => {
  const following = { lengthMs: hour, endMs: undefined };
  const past = { lengthMs: hour, endMs: nowMs - 10 * hour };

  it('ends now where it has no end', () => {
    expect(spanOf(following, nowMs)).toEqual({ fromMs: nowMs - hour, toMs: nowMs });
    expect(spanOf(past, nowMs)).toEqual({ fromMs: nowMs - 11 * hour, toMs: nowMs - 10 * hour });
  });

  it('stops following when it is moved back, and follows again when it comes to now', () => {
    const back = movedBy(following, -0.25, nowMs);
    expect(back).toEqual({ lengthMs: hour, endMs: nowMs - hour / 4 });
    expect(movedBy(back, 0.25, nowMs)).toEqual(following);
    expect(movedBy(back, 0.2, nowMs).endMs).toBe(nowMs - hour / 4 + hour / 5);
  });

  it('keeps its middle when it is scaled, and its end where that is now', () => {
    expect(scaledBy(past, 2, nowMs)).toEqual({ lengthMs: 2 * hour, endMs: nowMs - 9.5 * hour });
    expect(scaledBy(past, 0.5, nowMs)).toEqual({ lengthMs: hour / 2, endMs: nowMs - 10.25 * hour });
    expect(scaledBy(following, 2, nowMs)).toEqual({ lengthMs: 2 * hour, endMs: undefined });
  });

  it('follows once it is scaled beyond now', () => {
    expect(scaledBy({ lengthMs: hour, endMs: nowMs - 1 }, 2, nowMs).endMs).toBeUndefined();
  });

  it('is dragged from either side, and never to less than ten seconds', () => {
    expect(draggedTo(nowMs - hour, nowMs)).toEqual({ lengthMs: hour, endMs: nowMs });
    expect(draggedTo(nowMs, nowMs - hour)).toEqual({ lengthMs: hour, endMs: nowMs });
    expect(draggedTo(nowMs, nowMs + 2)).toEqual({ lengthMs: lengthMsMin, endMs: nowMs + lengthMsMin / 2 });
    expect(draggedTo(nowMs - 60_400, nowMs + 300)).toEqual({ lengthMs: 61_000, endMs: nowMs });
  });

  it('is moved by the arrows, scaled by plus and minus, and brought to now by End', () => {
    expect(rangeForKey('ArrowLeft', past, nowMs)?.endMs).toBe(past.endMs - hour / 4);
    expect(rangeForKey('ArrowRight', past, nowMs)?.endMs).toBe(past.endMs + hour / 4);
    expect(rangeForKey('+', past, nowMs)?.lengthMs).toBe(hour / 2);
    expect(rangeForKey('-', past, nowMs)?.lengthMs).toBe(2 * hour);
    expect(rangeForKey('End', past, nowMs)).toEqual(following);
    expect(rangeForKey('a', past, nowMs)).toBeUndefined();
  });
});
