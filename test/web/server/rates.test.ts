import { describe, expect, test } from 'vitest';
import { RateHistory } from '../../../web/src/server/rate-history.ts';
import { ratesBetween, type Counted } from '../../../web/src/server/rates.ts';

const startMs = Date.UTC(2026, 10, 21, 10);

/** A report so many seconds after the first, of a server that stores 50 readings a second in 5 commits with a fifth of a core. */
function report(seconds: number, changes: Partial<Counted> = {}): Counted {
  return {
    started: '2026-11-21T09:00:00.000Z',
    time: new Date(startMs + seconds * 1_000).toISOString(),
    readings: { stored: 1_000 + 50 * seconds, duplicates: 0, refused: 0, waiting: 0 },
    commits: { stored: 100 + 5 * seconds, failed: 0 },
    process: { resident_bytes: 1, cpu_seconds: 10 + 0.2 * seconds },
    ...changes,
  };
}

describe('rates between two reports', () => {
  test('are what was counted by the time between them', () => {
    const rates = ratesBetween(report(0), report(2));
    expect(rates).toMatchObject({ fromMs: startMs, toMs: startMs + 2_000, readingsPerSecond: 50, commitsPerSecond: 5 });
    expect(rates?.cores).toBeCloseTo(0.2);
  });

  test('are none across a restart, however high the counts are', () => {
    expect(ratesBetween(report(0), report(2, { started: '2026-11-21T10:00:01.000Z' }))).toBeUndefined();
  });

  test('are none where the clock stood still or went back', () => {
    expect(ratesBetween(report(2), report(2))).toBeUndefined();
    expect(ratesBetween(report(2), report(1))).toBeUndefined();
  });
});

describe('the history of rates', () => {
  function historyOf(...reports: readonly Counted[]): RateHistory {
    const history = new RateHistory();
    for (const one of reports) history.take(one);
    return history;
  }

  test('has nothing until two reports have come', () => {
    expect(historyOf().now).toBeUndefined();
    expect(historyOf(report(0))).toMatchObject({ now: undefined, rates: [] });
    expect(historyOf(report(0), report(2)).now).toMatchObject({ readingsPerSecond: 50 });
  });

  test('keeps five minutes', () => {
    const history = historyOf(...Array.from({ length: 400 }, (_, index) => report(index)));
    expect(history.rates).toHaveLength(300);
    expect(history.rates.at(-1)?.toMs).toBe(startMs + 399_000);
  });

  test('has a hole where nobody looked, and no rate of that time', () => {
    const history = historyOf(report(0), report(2), report(60), report(62));
    expect(history.rates.map(({ fromMs }) => (fromMs - startMs) / 1_000)).toEqual([0, 60]);
    expect(historyOf(report(0), report(2), report(60)).now).toBeUndefined();
  });

  test('lets go of what lies in the future of a clock that was set back', () => {
    const history = historyOf(report(100), report(102), report(0), report(2));
    expect(history.rates.map(({ fromMs }) => (fromMs - startMs) / 1_000)).toEqual([0]);
  });
});
