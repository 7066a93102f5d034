import type { StepQuery } from '../../contract.ts';
import { compareSeries } from '../../order.ts';
import { wholeSteps } from '../../step-values.ts';
import { readProgress } from '../chunks/progress.ts';
import type { Tier } from '../chunks/tier.ts';
import { integerIn } from '../row.ts';
import { ChunkCache } from './chunk-cache.ts';
import { listChunks } from './chunk-list.ts';
import { addChunks } from './chunk-steps.ts';
import type { Damaged } from './damaged.ts';
import { EarliestSteps } from './earliest-steps.ts';
import { atOneMoment, type ReaderConnection } from './reader-connection.ts';
import type { PackedSteps } from './packed-steps.ts';
import type { SeriesName } from '../../../core/reading.ts';
import { nameOf } from './series-name.ts';
import { planTiers } from './tier-plan.ts';
import type { WaitingRange } from './waiting-readings.ts';
import { wantedSeries, type WantedSeries } from './wanted-series.ts';
import { WaitingSteps } from './waiting-steps.ts';

/** The steps of a query, a part after another, series by series. What happens to chunks and blocks between two parts changes nothing: each sees one state of the store. */
export function* stepParts(
  asked: StepQuery,
  connection: ReaderConnection,
  damaged: Damaged,
): Generator<PackedSteps, void, undefined> {
  const query = { ...asked, ...wholeSteps(asked) };
  if (!(query.fromMs < query.toMs)) return;
  const { statements } = connection;
  const lastBlock = integerIn(statements.lastBlock.get(), 'block');
  const waiting = new WaitingSteps(query, connection, damaged);
  const cache = new ChunkCache(statements, (chunk) => {
    damaged.chunk(chunk);
  });
  const range = (): WaitingRange => ({ movedBlock: readProgress(statements.progress).movedBlock, lastBlock });
  let listed: { readonly movedBlock: number; readonly wanted: ReadonlyMap<string, NamedSeries> } | undefined;
  /** What was moved since has series that may be new. */
  const wantedNow = ({ movedBlock }: WaitingRange): ReadonlyMap<string, NamedSeries> => {
    if (listed?.movedBlock === movedBlock) return listed.wanted;
    const { wanted, damaged: lost } = wantedSeries(query, statements);
    damaged.series(lost);
    listed = { movedBlock, wanted: byName(wanted) };
    return listed.wanted;
  };
  const names = atOneMoment(connection, () => namesOf([...wantedNow(range()).values()], waiting.names(range())));
  for (const name of names) {
    const seriesNow = (): readonly WantedSeries[] => wantedNow(range()).get(nameOf(name))?.series ?? [];
    const plan = atOneMoment(connection, () => {
      const series = seriesNow();
      return planTiers(query.stepMs, (tier) => beginMs(series, tier, connection));
    });
    for (const { tier, stepMs, ...stretch } of plan) {
      // Longer steps than were asked for are whole too.
      const whole = wholeSteps({ ...query, stepMs });
      const toMs = Math.min(whole.toMs, stretch.toMs);
      let fromMs = Math.max(whole.fromMs, stretch.fromMs);
      while (fromMs < toMs) {
        const earliest = new EarliestSteps({ fromMs, toMs, stepMs });
        atOneMoment(connection, () => {
          const list = listChunks({ series: seriesNow(), tier, fromMs, toMs }, statements);
          addChunks(list, tier, { earliest, cache });
          waiting.addTo(earliest, name, range());
        });
        yield earliest.take(name);
        fromMs = earliest.endMs;
      }
    }
  }
}

/** The series of one sensor and id: each has other names of its values. */
interface NamedSeries extends SeriesName {
  readonly series: WantedSeries[];
}

function byName(wanted: readonly WantedSeries[]): ReadonlyMap<string, NamedSeries> {
  const named = new Map<string, NamedSeries>();
  for (const one of wanted) {
    const [, sensor, id] = one.key;
    const name = { sensor, id: id ?? undefined };
    const known = named.get(nameOf(name));
    if (known === undefined) named.set(nameOf(name), { ...name, series: [one] });
    else known.series.push(one);
  }
  return named;
}

/** In their order, each once. */
function namesOf(moved: readonly SeriesName[], waiting: readonly SeriesName[]): readonly SeriesName[] {
  const all = new Map([...moved, ...waiting].map((name) => [nameOf(name), name]));
  return [...all.values()].toSorted(compareSeries);
}

/** From when on nothing of a tier was dropped; Infinity where these series have none of it. */
function beginMs(series: readonly WantedSeries[], tier: Tier, { statements }: ReaderConnection): number {
  const { lastChunk } = readProgress(statements.progress);
  if (!series.some(({ number }) => statements.hasTier.get(number, tier, lastChunk) !== undefined)) {
    return Number.POSITIVE_INFINITY;
  }
  const throughMs = statements.droppedThrough.get(tier)?.['through_ms'];
  return typeof throughMs === 'number' ? throughMs : Number.NEGATIVE_INFINITY;
}
