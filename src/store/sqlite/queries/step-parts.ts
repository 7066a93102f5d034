import type { SeriesStep, StepQuery } from '../../contract.ts';
import { wholeSteps } from '../../step-values.ts';
import { readProgress } from '../chunks/progress.ts';
import type { SeriesKey } from '../chunks/series-key.ts';
import type { Tier } from '../chunks/tier.ts';
import { integerIn } from '../row.ts';
import { ChunkCache } from './chunk-cache.ts';
import { listChunks } from './chunk-list.ts';
import { addChunks } from './chunk-steps.ts';
import type { Damaged } from './damaged.ts';
import { EarliestSteps } from './earliest-steps.ts';
import { atOneMoment, type ReaderConnection } from './reader-connection.ts';
import { planTiers } from './tier-plan.ts';
import type { WaitingRange } from './waiting-readings.ts';
import { wantedSeries, type WantedSeries } from './wanted-series.ts';
import { nameOf, WaitingSteps, type SeriesName } from './waiting-steps.ts';

/** The steps of a query, a part after another, series by series. What happens to chunks and blocks between two parts changes nothing: each sees one state of the store. */
export function* stepParts(
  asked: StepQuery,
  connection: ReaderConnection,
  damaged: Damaged,
): Generator<readonly SeriesStep[], void, undefined> {
  const query = { ...asked, ...wholeSteps(asked) };
  if (!(query.fromMs < query.toMs)) return;
  const { statements } = connection;
  const lastBlock = integerIn(statements.lastBlock.get(), 'block');
  const waiting = new WaitingSteps(query, connection, damaged);
  const cache = new ChunkCache(statements, (chunk) => {
    damaged.chunk(chunk);
  });
  const range = (): WaitingRange => ({ movedBlock: readProgress(statements.progress).movedBlock, lastBlock });
  let listed: { readonly movedBlock: number; readonly wanted: readonly WantedSeries[] } | undefined;
  /** What was moved since has series that may be new. */
  const wantedNow = ({ movedBlock }: WaitingRange): readonly WantedSeries[] => {
    if (listed?.movedBlock === movedBlock) return listed.wanted;
    const { wanted, damaged: lost } = wantedSeries(query, statements);
    damaged.series(lost);
    listed = { movedBlock, wanted };
    return wanted;
  };
  const names = atOneMoment(connection, () => namesOf(wantedNow(range()), waiting.names(range())));
  for (const name of names) {
    const seriesNow = (): readonly WantedSeries[] => wantedNow(range()).filter(({ key }) => isOf(key, name));
    const plan = atOneMoment(connection, () => {
      const series = seriesNow();
      return planTiers(query.stepMs, (tier) => Math.min(...series.map((one) => beginMs(one, tier, connection))));
    });
    for (const { tier, stepMs, ...stretch } of plan) {
      const toMs = Math.min(query.toMs, stretch.toMs);
      let fromMs = Math.max(query.fromMs, stretch.fromMs);
      while (fromMs < toMs) {
        const earliest = new EarliestSteps({ fromMs, toMs, stepMs });
        atOneMoment(connection, () => {
          const list = listChunks({ series: seriesNow(), tier, fromMs, toMs }, statements);
          addChunks(list, tier, { earliest, cache });
          waiting.addTo(earliest, name, range());
        });
        yield earliest.take(name.sensor, name.id);
        fromMs = earliest.endMs;
      }
    }
  }
}

function isOf([, sensor, id]: SeriesKey, name: SeriesName): boolean {
  return sensor === name.sensor && (id ?? undefined) === name.id;
}

/** By sensor, and those of one sensor by id; the one without an id first. */
function namesOf(wanted: readonly WantedSeries[], waiting: readonly SeriesName[]): readonly SeriesName[] {
  const moved = wanted.map(({ key: [, sensor, id] }) => ({ sensor, id: id ?? undefined }));
  const all = new Map([...moved, ...waiting].map((name) => [nameOf(name), name]));
  return [...all.values()].toSorted((one, other) => compare(one.sensor, other.sensor) || compareIds(one.id, other.id));
}

function compareIds(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
  return compare(one, other);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function beginMs({ number }: WantedSeries, tier: Tier, { statements }: ReaderConnection): number {
  const { lastChunk } = readProgress(statements.progress);
  const fromMs = statements.firstMs.get(number, tier, lastChunk)?.['from_ms'];
  return typeof fromMs === 'number' ? fromMs : Number.POSITIVE_INFINITY;
}
