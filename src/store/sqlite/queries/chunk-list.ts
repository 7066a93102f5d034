import { readProgress } from '../chunks/progress.ts';
import type { Tier } from '../chunks/tier.ts';
import { integerIn } from '../row.ts';
import type { ReaderStatements } from './reader-connection.ts';
import type { WantedSeries } from './wanted-series.ts';

export interface ListedChunk {
  readonly chunk: number;
  readonly series: WantedSeries;
  readonly fromMs: number;
  readonly toMs: number;
}

/** SQLite's integers have no infinity. */
const msMax = Number.MAX_SAFE_INTEGER;

/** The chunks of some series and a tier that touch a range of time, by their beginning. */
export function listChunks(
  {
    series,
    tier,
    fromMs,
    toMs,
  }: { readonly series: readonly WantedSeries[]; readonly tier: Tier; readonly fromMs: number; readonly toMs: number },
  { progress, chunksBetween }: Pick<ReaderStatements, 'progress' | 'chunksBetween'>,
): ListedChunk[] {
  const { lastChunk } = readProgress(progress);
  const [from, to] = [Math.max(-msMax, Math.floor(fromMs)), Math.min(msMax, Math.ceil(toMs))];
  const list = series.flatMap((one) =>
    chunksBetween.all(one.number, tier, from, to, lastChunk).map((row) => ({
      chunk: integerIn(row, 'chunk'),
      series: one,
      fromMs: integerIn(row, 'from_ms'),
      toMs: integerIn(row, 'to_ms'),
    })),
  );
  // Chunks of one beginning in the order in which they were made.
  return list.toSorted((one, other) => one.fromMs - other.fromMs || one.chunk - other.chunk);
}

/** Goes through a list of chunks once, a stretch of time after another, and gives each stretch the chunks that touch it. */
export class ChunkSweep {
  readonly #list: readonly ListedChunk[];
  #next = 0;
  #active: ListedChunk[] = [];

  constructor(list: readonly ListedChunk[]) {
    this.#list = list;
  }

  /**
   * Those that touch the time from `fromMs` on, by their beginning, for as long as they are taken. What `fromMs` left behind is not given again. One that was given may
   * be given again for a later stretch.
   */
  *from(fromMs: number): Generator<ListedChunk, void, undefined> {
    this.#active = this.#active.filter(({ toMs }) => toMs >= fromMs);
    yield* this.#active;
    for (;;) {
      const chunk = this.#list[this.#next];
      if (chunk === undefined) return;
      this.#next += 1;
      if (chunk.toMs < fromMs) continue;
      this.#active.push(chunk);
      yield chunk;
    }
  }
}
