import { ratesBetween, type Counted, type Rates } from './rates.ts';

/** What is kept, and shown. */
export const historyMs = 300_000;
/** A mean over more than this says nothing of its moments: nobody looked meanwhile. */
const spanMsMax = 10_000;

/** The rates of the last five minutes, as far as somebody looked: from one report to the next. */
export class RateHistory {
  #last: Counted | undefined;
  #rates: readonly Rates[] = [];

  /** Oldest first. */
  get rates(): readonly Rates[] {
    return this.#rates;
  }

  /** Of the last two reports; undefined where they are too far apart, or there is only one. */
  get now(): Rates | undefined {
    const newest = this.#rates.at(-1);
    return newest !== undefined && newest.toMs === timeOf(this.#last) ? newest : undefined;
  }

  take(report: Counted): void {
    const rates = this.#last === undefined ? undefined : ratesBetween(this.#last, report);
    this.#last = report;
    const nowMs = timeOf(report);
    // A clock that was set back would keep what lies in its future for ever.
    const kept = this.#rates.filter(({ toMs }) => toMs > nowMs - historyMs && toMs <= nowMs);
    const counts = rates !== undefined && rates.toMs - rates.fromMs <= spanMsMax;
    this.#rates = counts ? [...kept, rates] : kept;
  }
}

function timeOf(report: Counted | undefined): number {
  return Date.parse(report?.time ?? '');
}
