import type { SQLOutputValue } from 'node:sqlite';
import { checksum, decodeBlock, type Block } from './block.ts';
import { bytesIn, integerIn } from './row.ts';

/** The block in a row with `checksum` and `data`; undefined where it is damaged. */
export function blockIn(row: Readonly<Record<string, SQLOutputValue>>): Block | undefined {
  const bytes = bytesIn(row, 'data');
  return checksum(bytes) === integerIn(row, 'checksum') ? decodeBlock(bytes) : undefined;
}
