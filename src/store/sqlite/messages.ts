import type { ErrorCode } from '../../core/coded-error.ts';
import type { GapRecord } from '../../core/gap.ts';
import type { UnitReading } from '../../core/reading.ts';
import type { UnitEventRecord } from '../../core/unit-event.ts';
import type { LastKnown, Query, StepQuery } from '../contract.ts';
import type { CompactStep } from './chunks/compactor.ts';
import type { Merge } from './chunks/merge.ts';
import type { MovedWindow } from './chunks/move.ts';
import type { AddedChunks } from './chunks/chunk-writer.ts';
import type { Dropped } from './dropped.ts';
import type { PackedRecord } from './keyed-record.ts';
import type { PackedBlock } from './packer.ts';
import type { PackedSteps } from './queries/packed-steps.ts';

/** A batch on its way to the disk. */
export interface PackedBatch {
  /** Milliseconds since 1970 by the server's clock. */
  readonly storedMs: number;
  readonly blocks: readonly PackedBlock[];
  /** Units with their record in JSON. */
  readonly units: readonly (readonly [clientId: string, record: string])[];
  readonly gaps: readonly PackedGap[];
  readonly machines: readonly PackedRecord[];
  readonly tokens: readonly PackedRecord[];
  /** Nearly always none. */
  readonly events?: readonly PackedEvent[];
}

/** What happened to a unit, with all but these two in JSON. */
export type PackedEvent = readonly [clientId: string, timeMs: number, record: string];

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
  readonly dropped: readonly Dropped[];
}

/** What one step of retention did. */
export interface RetainStep {
  readonly dropped: Dropped | undefined;
  /** There may be more to do. */
  readonly more: boolean;
}

/** What a query is about: readings, or steps. */
export type Asked =
  { readonly type: 'readings'; readonly query: Query } | { readonly type: 'steps'; readonly query: StepQuery };

/** A part of an answer. */
export interface Page {
  readonly readings: readonly UnitReading[];
  readonly steps: PackedSteps | undefined;
  readonly isLast: boolean;
  /** Blocks and chunks that cannot be read, and were left out. */
  readonly damaged: number;
}

export type WriterRequest =
  | { readonly type: 'open' }
  | { readonly type: 'append'; readonly batch: PackedBatch }
  | { readonly type: 'units' }
  | { readonly type: 'machines' }
  | { readonly type: 'tokens' }
  | { readonly type: 'highest'; readonly clientId: string; readonly epoch: string }
  | { readonly type: 'last-known' }
  /** `nowMs` is undefined while the clock is not to be trusted: then nothing is dropped for its age. */
  | { readonly type: 'retain'; readonly nowMs: number | undefined }
  /** Takes away blocks that were moved, and chunks of a move that did not end. */
  | { readonly type: 'tidy' }
  | ({ readonly type: 'add-chunks' } & AddedChunks)
  | { readonly type: 'end-move'; readonly window: MovedWindow }
  | { readonly type: 'replace-chunks'; readonly merge: Merge }
  | { readonly type: 'close' };

export type WriterReply =
  | { readonly type: 'opened' }
  | { readonly type: 'written'; readonly written: Written }
  | { readonly type: 'units'; readonly records: readonly string[] }
  | { readonly type: 'machines'; readonly records: readonly string[] }
  | { readonly type: 'tokens'; readonly records: readonly string[] }
  | { readonly type: 'highest'; readonly seq: number }
  | { readonly type: 'last-known'; readonly known: LastKnown }
  | { readonly type: 'retained'; readonly step: RetainStep }
  /** There may be more to do. */
  | { readonly type: 'tidied'; readonly more: boolean }
  /** False where what it goes on with is gone: the work begins anew. */
  | { readonly type: 'chunked'; readonly done: boolean }
  | { readonly type: 'closed' }
  | Failed;

export type ReaderRequest =
  /** The next page of the query of this number; the first request of a number says what is asked. */
  | { readonly type: 'page'; readonly number: number; readonly asked: Asked | undefined }
  /** Nobody wants the rest of it. */
  | { readonly type: 'end-query'; readonly number: number }
  /** A step of the background work; `begins`: what was under way is forgotten. */
  | { readonly type: 'compact'; readonly nowMs: number; readonly all: boolean; readonly begins: boolean }
  | { readonly type: 'gaps'; readonly clientId: string; readonly fromMs: number; readonly toMs: number }
  | { readonly type: 'events'; readonly clientId: string; readonly fromMs: number; readonly toMs: number }
  | { readonly type: 'close' };

export type ReaderReply =
  | { readonly type: 'page'; readonly page: Page }
  | { readonly type: 'query-ended' }
  | { readonly type: 'compacted'; readonly step: CompactStep }
  | { readonly type: 'gaps'; readonly gaps: readonly GapRecord[] }
  | ({ readonly type: 'events' } & FoundEvents)
  | { readonly type: 'closed' }
  | Failed;

/** What happened to a unit, as far as it can be read, and how many rows cannot. */
export interface FoundEvents {
  readonly events: readonly UnitEventRecord[];
  readonly damaged: number;
}

/** An error for people, without its cause. */
export interface Failed {
  readonly type: 'failed';
  readonly code: ErrorCode;
  readonly words: string;
}
