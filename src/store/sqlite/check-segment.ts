import type { DatabaseSync } from 'node:sqlite';
import type { FoundSegment, TellDamage } from './inspection.ts';

/** What the blocks of a segment hold of one stream. */
interface Held {
  highestSeq: number;
  fromMs: number;
  toMs: number;
}

/**
 * Counts the readings of a segment that can be read, and tells whether each has its words, and whether what is written beside a sealed segment agrees with
 * its readings: a mark that is too low lets a reading in twice, a presence that is too narrow hides some.
 */
export function checkSegment(
  { number, sealed, words, blocks }: FoundSegment,
  database: DatabaseSync,
  tell: TellDamage,
): number {
  const heldBy = new Map<number, Held>();
  let readings = 0;
  for (const { number: blockNumber, block } of blocks) {
    let without = 0;
    for (const [index, stream] of block.streams.entries()) {
      if (words.streams[stream] === undefined || words.shapes[block.shapes[index] ?? 0] === undefined) without += 1;
      hold(heldBy, stream, { seq: block.seqs[index] ?? Number.NaN, time: block.times[index] ?? 0 });
    }
    if (without > 0) tell(`block ${blockNumber}: ${without} readings without their words`);
    readings += block.streams.length - without;
  }
  if (!sealed) return readings;
  const markAt = database.prepare('SELECT seq FROM marks WHERE client_id = ? AND epoch = ?');
  const presenceAt = database.prepare('SELECT from_ms, to_ms FROM presence WHERE segment = ? AND client_id = ?');
  for (const [stream, { highestSeq, fromMs, toMs }] of heldBy) {
    const [clientId, , epoch] = words.streams[stream] ?? [];
    if (clientId === undefined) continue;
    const presence = presenceAt.get(number, clientId);
    if (!(Number(presence?.['from_ms']) <= fromMs && Number(presence?.['to_ms']) >= toMs)) {
      tell(`segment ${number}: queries do not find all readings of ${clientId}`);
    }
    if (epoch === null || epoch === undefined || highestSeq === 0) continue;
    if (!(Number(markAt.get(clientId, epoch)?.['seq']) >= highestSeq)) {
      tell(
        `segment ${number}: the highest number of ${clientId} in epoch ${epoch} is below ${highestSeq}, which is stored`,
      );
    }
  }
  return readings;
}

function hold(
  heldBy: Map<number, Held>,
  stream: number,
  { seq, time }: { readonly seq: number; readonly time: number },
): void {
  const held = heldBy.get(stream);
  if (held === undefined) {
    heldBy.set(stream, { highestSeq: Number.isNaN(seq) ? 0 : seq, fromMs: time, toMs: time });
    return;
  }
  if (seq > held.highestSeq) held.highestSeq = seq;
  held.fromMs = Math.min(held.fromMs, time);
  held.toMs = Math.max(held.toMs, time);
}
