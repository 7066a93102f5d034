import type { ServerFigures } from '../api/contract.ts';
import type { Clock } from '../core/clock.ts';
import type { Figures, ServerCounts } from '../server/contract.ts';
import { quantile } from './quantile.ts';

const snapshotEveryMs = 5_000;
/** A minute of them. */
const snapshotsMax = 12;

interface Snapshot {
  readonly atMs: number;
  readonly readingsStored: number;
  /** By bucket, each alone. */
  readonly acknowledged: readonly number[];
}

/** What the server did in the last minute, by what it had done a minute ago, to 5 s. */
export class LastMinute {
  readonly #figures: Figures;
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #snapshots: Snapshot[] = [];
  #cancel: () => void = () => undefined;

  constructor(figures: Figures, clock: Clock) {
    this.#figures = figures;
    this.#clock = clock;
    this.#take();
  }

  /** From the oldest snapshot to `counts`, which are those of now. */
  figures(counts: ServerCounts): ServerFigures['last_minute'] {
    const [oldest] = this.#snapshots;
    const seconds = oldest === undefined ? 0 : (this.#clock.monotonicMs() - oldest.atMs) / 1000;
    const stored = counts.readingsStored - (oldest?.readingsStored ?? 0);
    const { boundsSeconds } = counts.acknowledgement;
    const recent = counts.acknowledgement.counts.map((count, index) => count - (oldest?.acknowledged[index] ?? 0));
    return {
      readings_per_second: seconds > 0 ? stored / seconds : 0,
      acknowledgement_p50_seconds: quantile(0.5, boundsSeconds, recent),
      acknowledgement_p99_seconds: quantile(0.99, boundsSeconds, recent),
    };
  }

  close(): void {
    this.#cancel();
  }

  #take(): void {
    const { readingsStored, acknowledgement } = this.#figures.counts();
    // Copied: whoever counts may go on in the same list.
    const acknowledged = [...acknowledgement.counts];
    this.#snapshots.push({ atMs: this.#clock.monotonicMs(), readingsStored, acknowledged });
    if (this.#snapshots.length > snapshotsMax) this.#snapshots.shift();
    this.#cancel = this.#clock.after(snapshotEveryMs, () => this.#take());
  }
}
