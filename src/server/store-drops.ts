import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';

/** Readings, or steps of a roll-up, that a store has dropped. Times are when they were stored, by the server's clock. */
export interface DroppedReadings {
  readonly reason: 'age' | 'budget';
  /** How many. */
  readonly droppedReadings: number;
  /** The roll-up that they were of; undefined for the readings themselves. */
  readonly rollUp?: string;
  readonly fromMs: number;
  readonly throughMs: number;
}

export interface StoreDropsOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** How long readings are promised to be kept; undefined for as long as the budget has room. */
  readonly retentionMs: number | undefined;
}

interface Sum {
  readonly reason: DroppedReadings['reason'];
  readonly rollUp: string | undefined;
  readonly count: number;
  readonly fromMs: number;
  readonly throughMs: number;
}

/** Steps of dropping come by the hundred; so often they are told, summed. */
const tellEveryMs = 60_000;
/** A budget that was too small is so for as long as it drops, which it does with each batch. */
const noteMs = 3_600_000;

/** Says what the store drops: in the log, and where its budget is too small for its retention, to whoever asks how the server is. */
export class StoreDrops {
  readonly #options: StoreDropsOptions;
  /** By reason and roll-up. */
  readonly #sums = new Map<string, Sum>();
  #cancel: (() => void) | undefined;
  #early: { readonly atMs: number; readonly ageMs: number } | undefined;

  constructor(options: StoreDropsOptions) {
    this.#options = options;
  }

  add({ reason, rollUp, droppedReadings, fromMs, throughMs }: DroppedReadings): void {
    const { clock, retentionMs } = this.#options;
    const name = `${reason} ${rollUp}`;
    const sum = this.#sums.get(name);
    this.#sums.set(name, {
      reason,
      rollUp,
      count: droppedReadings + (sum?.count ?? 0),
      fromMs: Math.min(fromMs, sum?.fromMs ?? fromMs),
      throughMs: Math.max(throughMs, sum?.throughMs ?? throughMs),
    });
    const ageMs = clock.wallMs() - throughMs;
    if (reason === 'budget' && rollUp === undefined && retentionMs !== undefined && ageMs < retentionMs) {
      this.#early = { atMs: clock.monotonicMs(), ageMs };
    }
    if (this.#cancel === undefined) this.#tell();
  }

  /** Sentences for a person; none where all is kept for as long as it is promised. */
  get notes(): readonly string[] {
    const { clock, retentionMs = 0 } = this.#options;
    if (this.#early === undefined || clock.monotonicMs() - this.#early.atMs > noteMs) return [];
    const [kept, promised] = [inWords(this.#early.ageMs), inWords(retentionMs)];
    return [
      `store.budget is full with readings of ${kept}, and store.retention is ${promised}: the oldest are dropped early; raise the budget, or shorten the retention`,
    ];
  }

  /** Tells what is still only summed. */
  close(): void {
    this.#cancel?.();
    this.#flush();
  }

  #tell(): void {
    this.#flush();
    this.#cancel = this.#options.clock.after(tellEveryMs, () => {
      this.#cancel = undefined;
      if (this.#sums.size > 0) this.#tell();
    });
  }

  #flush(): void {
    for (const { reason, rollUp, count, fromMs, throughMs } of this.#sums.values()) {
      const [from, to] = [fromMs, throughMs].map((ms) => new Date(ms).toISOString());
      const fields = { count, from, to, reason, roll_up: rollUp };
      this.#options.log(reason === 'age' ? 'info' : 'warn', 'store-dropped', fields);
    }
    this.#sums.clear();
  }
}

function inWords(ms: number): string {
  const hours = Math.max(0, Math.round(ms / 3_600_000));
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
