import type { ServerCounts } from './contract.ts';

/** From a commit on a fast disk to the longest that a client waits, 30 s (protocol 3), in steps of two to two and a half. */
const boundsSeconds: readonly number[] = [
  0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** Readings of one batch that arrived in one turn of the loop: those from the index `first` on, up to those of the next turn. */
export interface TurnOfReadings {
  readonly arrivedMs: number;
  readonly first: number;
}

/**
 * How long readings wait for their acknowledgement. Those of one turn of the loop share the moment when the first of them was taken in, so that a reading costs no look at
 * the clock: what is told of one is too much by no more than that turn. What it waited before it was read from its socket, while the loop did something else, is not in it.
 */
export class AcknowledgementTimes {
  readonly #counts: number[] = Array.from({ length: boundsSeconds.length + 1 }, () => 0);
  #sumSeconds = 0;

  /** The `count` readings of a batch have been acknowledged. */
  add(turns: readonly TurnOfReadings[], count: number, nowMs: number): void {
    let end = count;
    for (let index = turns.length - 1; index >= 0; index -= 1) {
      const turn = turns[index];
      if (turn === undefined) return;
      this.#observe((nowMs - turn.arrivedMs) / 1_000, end - turn.first);
      end = turn.first;
    }
  }

  view(): ServerCounts['acknowledgement'] {
    return { boundsSeconds, counts: [...this.#counts], sumSeconds: this.#sumSeconds };
  }

  #observe(seconds: number, times: number): void {
    let place = 0;
    while (seconds > (boundsSeconds[place] ?? Number.POSITIVE_INFINITY)) place += 1;
    this.#counts[place] = (this.#counts[place] ?? 0) + times;
    this.#sumSeconds += seconds * times;
  }
}
