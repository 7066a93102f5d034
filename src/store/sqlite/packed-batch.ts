import type { Batch } from '../contract.ts';
import { packEvent } from './event-record.ts';
import { packGap } from './gap-record.ts';
import { packMachine } from './machine-record.ts';
import type { PackedBatch } from './messages.ts';
import type { Packer } from './packer.ts';
import { packToken } from './token-record.ts';

/** The batch as it goes to the writer, in buffers and JSON; it is `storedMs` by the server's clock. */
export function packBatch(batch: Batch, storedMs: number, packer: Packer): PackedBatch {
  const { readings, units, gaps = [], machines = [], tokens = [], events = [] } = batch;
  return {
    storedMs,
    blocks: packer.pack(readings, storedMs),
    units: units.map((unit) => [unit.clientId, JSON.stringify(unit)] as const),
    gaps: gaps.map(packGap),
    machines: machines.map(packMachine),
    tokens: tokens.map(packToken),
    ...(events.length > 0 && { events: events.map(packEvent) }),
  };
}

/** What it takes on the disk, about. */
export function bytesOfBatch({ blocks, units, gaps, machines, tokens, events = [] }: PackedBatch): number {
  const inBlocks = blocks.reduce((sum, { bytes, words }) => sum + bytes.length + (words?.length ?? 0) + 64, 0);
  const inGaps = gaps.reduce((sum, { record }) => sum + (record?.length ?? 0) + 128, inBlocks);
  const inEvents = events.reduce((sum, [, , record]) => sum + record.length + 128, inGaps);
  return [...units, ...machines, ...tokens].reduce(
    (sum, [key, record]) => sum + key.length + (record?.length ?? 0) + 64,
    inEvents,
  );
}
