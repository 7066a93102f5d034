import { checksum } from './block.ts';
import { Damage } from './faults.ts';
import { integerIn } from './row.ts';
import type { Statements } from './statements.ts';

/** The highest `seq` of a (unit, epoch), and the segment in which it was stored. */
export interface Mark {
  readonly clientId: string;
  readonly epoch: string;
  readonly seq: number;
  readonly segment: number;
}

/** The highest `seq` in the table of marks; 0 for none. Throws where its row is damaged: a mark that is too high costs readings. */
export function storedMark({ mark }: Pick<Statements, 'mark'>, clientId: string, epoch: string): number {
  const row = mark.get(clientId, epoch);
  if (row === undefined) return 0;
  const seq = integerIn(row, 'seq');
  if (markChecksum({ clientId, epoch, seq }) !== row['checksum'])
    throw new Damage(`the highest number of ${clientId} in ${epoch}`);
  return seq;
}

export function writeMark({ setMark }: Pick<Statements, 'setMark'>, mark: Mark): void {
  setMark.run(mark.clientId, mark.epoch, mark.seq, mark.segment, markChecksum(mark));
}

export function markChecksum({ clientId, epoch, seq }: Omit<Mark, 'segment'>): number {
  return checksum(`${clientId} ${epoch} ${seq}`);
}
