import { limits } from '../core/limits.ts';
import type { LabelledReading } from '../core/reading.ts';
import { framed, type Frame } from '../framing/frame.ts';
import { formatV1 } from './v1-readings.ts';

/** What may go out to a v1 server now. */
export interface Turn {
  readonly frame: Frame;
  /** The readings that its answer releases; undefined where no answer is due to them. */
  readonly readings: readonly LabelledReading[] | undefined;
}

/**
 * Takes turns with a v1 server (protocol 1 and 5): one request, one answer, and only then the next; a confirmation of an
 * interval, which has no answer, goes out when none is due and is followed by a second of quiet.
 */
export class V1Turns {
  #round: readonly LabelledReading[] | undefined;
  #confirming = false;
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  /** The newest round; one that still waits stays in the spool for a v2 server. */
  round(readings: readonly LabelledReading[]): void {
    this.#round = readings;
  }

  confirm(): void {
    this.#confirming = true;
  }

  /** When the quiet ends, where something waits for it. */
  deadlineMs(wantsMore: boolean): number | undefined {
    const waits = wantsMore || this.#round !== undefined || this.#confirming;
    return waits && Number.isFinite(this.#quietUntilMs) ? this.#quietUntilMs : undefined;
  }

  isQuiet(nowMs: number): boolean {
    return nowMs < this.#quietUntilMs;
  }

  /** What goes out next; call it only when no answer is due. */
  next(nowMs: number): Turn | undefined {
    if (this.isQuiet(nowMs)) return undefined;
    this.#quietUntilMs = Number.NEGATIVE_INFINITY;
    if (this.#confirming) {
      this.#confirming = false;
      this.#quietUntilMs = nowMs + limits.v1QuietMs;
      // The misspelling is the v1 document's.
      return { frame: framed('!UDPT', ': RECEIVED'), readings: undefined };
    }
    const readings = this.#round;
    this.#round = undefined;
    if (readings === undefined) return undefined;
    const data = formatV1(readings);
    return data === '' ? undefined : { frame: framed('!INFO', data), readings };
  }
}
