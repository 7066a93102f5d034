import type { LedgerLine } from './ledger.ts';
import type { FleetPlan } from './plan.ts';
import type { Counts } from './tally.ts';

/** What a thread of the fleet begins with. */
export interface ThreadData {
  readonly plan: FleetPlan;
  readonly thread: number;
}

/** What a thread is told. `finish`: no new readings; what is under way is answered, then clients leave. */
export type ThreadRequest =
  /** The first reading is due at `startMs`, milliseconds since 1970. */
  | { readonly type: 'begin'; readonly startMs: number }
  | { readonly type: 'ledger' }
  | { readonly type: 'finish'; readonly withinMs: number };

/** What a thread tells: counts each second, `registered` when all of its units have been once, the others as answers. */
export type ThreadReply =
  | { readonly type: 'registered' }
  | { readonly type: 'counts'; readonly counts: Counts }
  | { readonly type: 'ledger'; readonly lines: readonly LedgerLine[] }
  | { readonly type: 'finished'; readonly counts: Counts; readonly lines: readonly LedgerLine[] };
