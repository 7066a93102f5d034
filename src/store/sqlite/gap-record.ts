import type { SQLOutputValue } from 'node:sqlite';
import type { GapChange, GapRecord } from '../../core/gap.ts';
import { limits } from '../../core/limits.ts';
import { mayBeFilled } from '../contract.ts';
import { checksum } from './block.ts';
import type { PackedGap } from './messages.ts';
import type { Statements } from './statements.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

const reasons = new Set(['lost', 'host-off', 'left', 'sensor-gone', 'spool-dropped']);

/** A change of a gap as it goes to the writer. */
export function packGap({ clientId, number, gap }: GapChange): PackedGap {
  const { fromMs = 0, toMs } = gap ?? {};
  const fillable = gap !== undefined && mayBeFilled(gap) ? 1 : 0;
  return { clientId, number, fromMs, toMs: toMs ?? null, fillable, record: gap && JSON.stringify(gap) };
}

/** Keeps or forgets the gap, within the caller's transaction. */
export function writeGap(
  { clientId, number, fromMs, toMs, fillable, record }: PackedGap,
  storedMs: number,
  { setGap, removeGap, dropMoreGaps }: Pick<Statements, 'setGap' | 'removeGap' | 'dropMoreGaps'>,
): void {
  if (record === undefined) {
    removeGap.run(clientId, number);
    return;
  }
  setGap.run(clientId, number, storedMs, fromMs, toMs, fillable, checksum(record), record);
  dropMoreGaps.run(clientId, limits.gapsAUnitMax);
}

/** The gaps of these rows; one whose record is damaged is left out: it says why readings are missing, and none is missing for it. */
export function gapsIn(rows: readonly Row[]): readonly GapRecord[] {
  return rows.flatMap((row) => gapIn(row) ?? []);
}

/** The gap of the row, if it is whole. */
export function gapIn({ record, checksum: expected }: Row): GapRecord | undefined {
  if (typeof record !== 'string' || checksum(record) !== expected) return undefined;
  const value: unknown = JSON.parse(record);
  if (!isGap(value)) return undefined;
  // JSON has no undefined: a gap that lasts has no such member.
  return { ...value, toMs: value.toMs };
}

function isGap(value: unknown): value is GapRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { clientId, number, reason, fromMs, filledMs, toMs, sensor, id, count } = value as Record<string, unknown>;
  return (
    typeof clientId === 'string' &&
    typeof reason === 'string' &&
    reasons.has(reason) &&
    [number, fromMs, filledMs].every((member) => typeof member === 'number') &&
    [toMs, count].every((member) => member === undefined || typeof member === 'number') &&
    [sensor, id].every((member) => member === undefined || typeof member === 'string')
  );
}
