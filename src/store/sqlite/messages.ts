import type { ErrorCode } from '../../core/coded-error.ts';
import type { GapRecord } from '../../core/gap.ts';
import type { UnitReading } from '../../core/reading.ts';
import type { LastKnown, Query } from '../contract.ts';
import type { Dropped } from './dropping.ts';
import type { PackedBlock } from './packer.ts';

/** A batch on its way to the disk. */
export interface PackedBatch {
  /** Milliseconds since 1970 by the server's clock. */
  readonly storedMs: number;
  readonly blocks: readonly PackedBlock[];
  /** Units with their record in JSON. */
  readonly units: readonly (readonly [clientId: string, record: string])[];
  readonly gaps: readonly PackedGap[];
}

/** A gap with its record in JSON; undefined where it is to be forgotten. */
export interface PackedGap {
  readonly clientId: string;
  readonly number: number;
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly fillable: 0 | 1;
  readonly record: string | undefined;
}

/** What a batch did: the indexes of readings that are stored already, and what had to go for the budget. */
export interface Written {
  readonly duplicates: readonly number[];
  readonly dropped: Dropped | undefined;
}

/** What one step of retention did. */
export interface RetainStep {
  readonly dropped: Dropped | undefined;
  /** There may be more to do. */
  readonly more: boolean;
}

/** Where a query goes on: a block, and the first of its readings that was not looked at. It ends with `lastBlock`, the last when it began. */
export interface Cursor {
  readonly segment: number;
  readonly block: number;
  readonly index: number;
  readonly lastBlock: number;
}

export interface Page {
  readonly readings: readonly UnitReading[];
  /** Undefined at the end. */
  readonly next: Cursor | undefined;
  /** Blocks that cannot be read. */
  readonly damagedBlocks: number;
}

export type WriterRequest =
  | { readonly type: 'open' }
  | { readonly type: 'append'; readonly batch: PackedBatch }
  | { readonly type: 'units' }
  | { readonly type: 'highest'; readonly clientId: string; readonly epoch: string }
  | { readonly type: 'last-known' }
  /** `nowMs` is undefined while the clock is not to be trusted: then nothing is dropped for its age. */
  | { readonly type: 'retain'; readonly nowMs: number | undefined }
  | { readonly type: 'close' };

export type WriterReply =
  | { readonly type: 'opened' }
  | { readonly type: 'written'; readonly written: Written }
  | { readonly type: 'units'; readonly records: readonly string[] }
  | { readonly type: 'highest'; readonly seq: number }
  | { readonly type: 'last-known'; readonly known: LastKnown }
  | { readonly type: 'retained'; readonly step: RetainStep }
  | { readonly type: 'closed' }
  | Failed;

export type ReaderRequest =
  | { readonly type: 'page'; readonly query: Query; readonly cursor: Cursor | undefined }
  | { readonly type: 'gaps'; readonly clientId: string; readonly fromMs: number; readonly toMs: number }
  | { readonly type: 'close' };

export type ReaderReply =
  | { readonly type: 'page'; readonly page: Page }
  | { readonly type: 'gaps'; readonly gaps: readonly GapRecord[] }
  | { readonly type: 'closed' }
  | Failed;

/** An error for people, without its cause. */
export interface Failed {
  readonly type: 'failed';
  readonly code: ErrorCode;
  readonly words: string;
}
