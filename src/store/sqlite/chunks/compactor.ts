import type { StatementSync } from 'node:sqlite';
import { SegmentWords } from '../segment-words.ts';
import { mergeSmall, smallChunksMax, type Merge, type MergeStatements } from './merge.ts';
import { moveWindow, type MoveLimits, type MoveStep } from './move.ts';
import { readProgress } from './progress.ts';
import { WindowFinder, type WindowStatements } from './window.ts';

export interface CompactorStatements extends WindowStatements, MergeStatements {
  readonly progress: StatementSync;
  readonly blockFrom: StatementSync;
  readonly wordsFrom: StatementSync;
}

export interface CompactorOptions {
  /** Readings that are moved into chunks in one go. */
  readonly windowReadings: number;
  /** So many small chunks of a series are joined into one; a test says fewer. */
  readonly smallChunks?: number;
  readonly moveLimits?: MoveLimits;
}

/** What a step of the background work found to write; `idle`: there is nothing to do now. */
export type CompactStep = MoveStep | { readonly type: 'merge'; readonly merge: Merge } | { readonly type: 'idle' };

/** The reading half of the background work: it makes chunks of blocks, and of many small chunks one, in steps of some milliseconds, and writes nothing. */
export class Compactor {
  readonly #statements: CompactorStatements;
  readonly #finder: WindowFinder;
  readonly #smallMax: number;
  readonly #moveLimits: MoveLimits | undefined;
  #work: Generator<CompactStep, void, undefined> | undefined;
  #found = false;

  constructor(
    statements: CompactorStatements,
    { windowReadings, smallChunks = smallChunksMax, moveLimits }: CompactorOptions,
  ) {
    this.#statements = statements;
    this.#finder = new WindowFinder(statements, windowReadings);
    this.#smallMax = smallChunks;
    this.#moveLimits = moveLimits;
  }

  /** The next step. What the last one made must be written by now, or `reset` be called. */
  step(nowMs: number, all: boolean): CompactStep {
    if (this.#work === undefined) {
      this.#work = this.#next(nowMs, all);
      this.#found = false;
    }
    const { value, done } = this.#work.next();
    if (done !== true) {
      this.#found = true;
      return value;
    }
    this.#work = undefined;
    // Where there was something to do, there may be more.
    return { type: this.#found ? 'working' : 'idle' };
  }

  /** Forgets what is under way: it begins anew from what is on the disk. */
  reset(): void {
    this.#work = undefined;
  }

  *#next(nowMs: number, all: boolean): Generator<CompactStep, void, undefined> {
    const { progress, blockFrom, wordsFrom } = this.#statements;
    const window = this.#finder.find(readProgress(progress).movedBlock, nowMs, all);
    if (window !== undefined) {
      yield* moveWindow(window, blockFrom, new SegmentWords(wordsFrom), this.#moveLimits);
      return;
    }
    const { lastChunk } = readProgress(progress);
    for (const merge of mergeSmall({ lastChunk, smallMax: this.#smallMax }, this.#statements)) {
      yield { type: 'merge', merge };
    }
  }
}
