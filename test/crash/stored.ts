import type { UnitReading } from '../../src/core/reading.ts';
import type { LedgerLine } from '../../src/fleet/ledger.ts';
import { openForInspection, segmentsIn } from '../../src/store/sqlite/inspection.ts';
import { readingAt } from '../../src/store/sqlite/words.ts';

/** What a store holds of each unit and epoch, and what is wrong with it by itself. */
export interface Stored {
  readonly readings: number;
  /** By `client_id epoch`, the highest number; all below it are there once, unless `problems` says otherwise. */
  readonly highest: ReadonlyMap<string, number>;
  readonly problems: readonly string[];
}

/** Problems that are told; a store that is wrong is wrong in many places. */
const problemsMax = 20;

/**
 * Reads all of a store, whether a server runs on it or not, with what `telemetryctl store check` reads it with. Every number of a unit's epoch must be there once and in
 * order, from 1 on. `wrong` may say what is wrong with a reading.
 */
export function readStored(
  folder: string,
  wrong: (found: UnitReading) => string | undefined = () => undefined,
): Stored {
  const problems: string[] = [];
  const tell = (words: string): void => {
    if (problems.length < problemsMax) problems.push(words);
  };
  const highest = new Map<string, number>();
  let readings = 0;
  const database = openForInspection(folder);
  try {
    for (const { words, blocks } of segmentsIn(database, tell)) {
      for (const { block } of blocks) {
        let valueOffset = 0;
        for (const [index, seq] of block.seqs.entries()) {
          const stream = words.streams[block.streams[index] ?? 0];
          const shape = words.shapes[block.shapes[index] ?? 0];
          if (stream === undefined || shape === undefined) {
            tell(`a reading without words, number ${seq}`);
            continue;
          }
          const [clientId, unit, epoch] = stream;
          const label = `${clientId} ${epoch}`;
          const former = highest.get(label) ?? 0;
          if (seq <= former) tell(`${unit}, epoch ${epoch}: ${seq} is stored after ${former}: a duplicate`);
          if (seq > former + 1) tell(`${unit}, epoch ${epoch}: ${seq} is stored after ${former}: a hole`);
          const fault = wrong(readingAt(block, index, valueOffset, stream, shape));
          if (fault !== undefined) tell(`${unit}, epoch ${epoch}: ${seq}: ${fault}`);
          highest.set(label, Math.max(seq, former));
          readings += 1;
          valueOffset += shape[3].length;
        }
      }
    }
  } finally {
    database.close();
  }
  return { readings, highest, problems };
}

/** What is acknowledged and not stored, and what is stored and was never sent, in words. */
export function compare(ledger: readonly LedgerLine[], { highest }: Pick<Stored, 'highest'>): readonly string[] {
  return ledger.flatMap(({ unit, client_id: clientId, epoch, acknowledged, sent, refused }) => {
    const stored = highest.get(`${clientId} ${epoch}`) ?? 0;
    if (refused.length > 0) return [`${unit}: ${refused.length} of its readings were refused`];
    if (stored < acknowledged) return [`${unit}: ${acknowledged} acknowledged, ${stored} stored`];
    return stored > sent ? [`${unit}: ${sent} sent, ${stored} stored`] : [];
  });
}
