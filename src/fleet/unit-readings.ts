import { limits } from '../core/limits.ts';
import type { Cuts } from './cuts.ts';
import type { LedgerLine } from './ledger.ts';
import { frameText, readingFrame, simulatedReading } from './simulated-reading.ts';
import type { Tally } from './tally.ts';

export interface UnitReadingsOptions {
  /** From 0 over the whole fleet. */
  readonly unit: number;
  readonly epoch: string;
  /** When a reading is due. Left out, the next one is taken when the last one has been answered. */
  readonly dueMs?: ((unit: number, seq: number) => number) | undefined;
  readonly cuts: Pick<Cuts, 'next'>;
  readonly tally: Tally;
}

/** Numbers of refused readings that the ledger names. */
const refusedMax = 100;

/** Which readings of a unit are due, on their way, and answered. None of them is kept: a reading follows from its number. */
export class UnitReadings {
  readonly #options: UnitReadingsOptions;
  readonly #refused: number[] = [];
  /** The highest number that is due. */
  #due = 0;
  /** When that one was taken, where no schedule says so. */
  #takenMs = 0;
  #answered = 0;
  #sent = 0;
  /** The highest number that was sent on this connection. */
  #sentNow = 0;

  constructor(options: UnitReadingsOptions) {
    this.#options = options;
  }

  get unanswered(): number {
    return this.#due - this.#answered;
  }

  get onTheWay(): number {
    return this.#sentNow - this.#answered;
  }

  get record(): Pick<LedgerLine, 'acknowledged' | 'sent' | 'refused'> {
    return { acknowledged: this.#answered, sent: this.#sent, refused: [...this.#refused] };
  }

  due(seq: number): void {
    this.#due = seq;
  }

  /** In a closed loop: the next one, where nothing is unanswered. */
  take(nowMs: number): void {
    if (this.#options.dueMs !== undefined || this.unanswered > 0) return;
    this.#due += 1;
    this.#takenMs = nowMs;
  }

  /** The oldest on the way is acknowledged. False where nothing is on the way. */
  acknowledge(nowMs: number): boolean {
    if (this.onTheWay <= 0) return false;
    this.#answered += 1;
    const { tally, dueMs, unit } = this.#options;
    tally.acknowledged += 1;
    const sinceMs = dueMs?.(unit, this.#answered) ?? this.#takenMs;
    if (sinceMs >= tally.latencyFromMs) tally.latency.record(nowMs - sinceMs);
    return true;
  }

  /** The oldest on the way is refused; its number, or undefined where nothing is on the way. */
  refuse(): number | undefined {
    if (this.onTheWay <= 0) return undefined;
    this.#answered += 1;
    this.#options.tally.refused += 1;
    if (this.#refused.length < refusedMax) this.#refused.push(this.#answered);
    return this.#answered;
  }

  /** Everything unanswered is to be sent on a new connection. */
  rewind(): void {
    this.#sentNow = this.#answered;
  }

  /** What is wrong with a server that holds readings up to `seq`; undefined where nothing is. */
  contradiction(seq: number): string | undefined {
    // A number that was refused is none that the server holds.
    if (seq < this.#answered && this.#refused.length === 0) {
      return `acknowledged up to ${this.#answered}, and the server holds up to ${seq}`;
    }
    return seq > this.#sent ? `sent up to ${this.#sent}, and the server holds up to ${seq}` : undefined;
  }

  /** The frames of what is due, as many as may be on the way; where `cut` is true, the connection ends with them. */
  send(): { readonly text: string; readonly cut: boolean } {
    const { tally, cuts } = this.#options;
    let text = '';
    while (this.#sentNow < this.#due && this.onTheWay < limits.unansweredMax) {
      const frame = this.#frameOf(this.#sentNow + 1);
      const cut = cuts.next();
      if (cut === 'before') return { text, cut: true };
      if (cut === 'within') return { text: text + frame.slice(0, frame.length / 2), cut: true };
      text += frame;
      this.#sentNow += 1;
      tally.sent += 1;
      if (this.#sentNow <= this.#sent) tally.resent += 1;
      this.#sent = Math.max(this.#sent, this.#sentNow);
      if (cut === 'after') return { text, cut: true };
    }
    return { text, cut: false };
  }

  #frameOf(seq: number): string {
    const { unit, epoch, dueMs } = this.#options;
    const time = Math.floor(dueMs?.(unit, seq) ?? this.#takenMs);
    return frameText(readingFrame(simulatedReading(unit, seq, { epoch, time })));
  }
}
