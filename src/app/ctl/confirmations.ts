import { setTimeout } from 'node:timers/promises';
import type { Unit } from './api-answers.ts';
import type { ApiClient } from './api-client.ts';
import type { Outcome, Wish } from './interval-report.ts';
import type { Patience } from './patience.ts';

export interface ConfirmationOptions {
  readonly timeoutMs: number;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** Looks at the units until all have confirmed, or the time is over; by `client_id`, what became of each. */
export async function confirmations(
  api: ApiClient,
  awaited: readonly Wish[],
  { timeoutMs, patience, signal }: ConfirmationOptions,
): Promise<ReadonlyMap<string, Wish>> {
  const endMs = performance.now() + timeoutMs;
  const results = new Map(awaited.map((wish) => [wish.unit.client_id, judged(wish, wish.unit)]));
  let pauseMs = patience.pollFirstMs;
  for (;;) {
    const open = [...results.values()].filter(({ outcome }) => outcome.type === 'unconfirmed');
    const leftMs = endMs - performance.now();
    if (open.length === 0 || leftMs <= 0) return results;
    await setTimeout(Math.min(pauseMs, leftMs), undefined, { signal });
    pauseMs = Math.min(pauseMs * 1.5, patience.pollMsMax);
    for (const unit of await look(api, open)) {
      const wish = results.get(unit.client_id);
      if (wish?.outcome.type === 'unconfirmed') results.set(unit.client_id, judged(wish, unit));
    }
  }
}

async function look(api: ApiClient, open: readonly Wish[]): Promise<readonly Unit[]> {
  const [only] = open;
  if (only === undefined || open.length > 1) return (await api.get('api/v1/units', ({ units }) => units)).body;
  return [(await api.get(`api/v1/units/${encodeURIComponent(only.unit.client_id)}`, ({ unit }) => unit)).body];
}

function judged(wish: Wish, unit: Unit): Wish {
  const { outcome } = wish;
  if (outcome.type !== 'sent' && outcome.type !== 'unconfirmed') return wish;
  return { ...wish, unit, outcome: outcomeOf(outcome.rev, unit) };
}

function outcomeOf(rev: number, { interval }: Unit): Outcome {
  if (interval.rev > rev) return { type: 'replaced', wanted: interval.wanted };
  // A server that has not seen the change yet, such as one behind a cache, has nothing to say about it.
  if (interval.rev < rev) return { type: 'unconfirmed', rev };
  if (interval.state === 'confirmed') return { type: 'confirmed' };
  if (interval.state === 'assumed') return { type: 'assumed' };
  return { type: 'unconfirmed', rev };
}
