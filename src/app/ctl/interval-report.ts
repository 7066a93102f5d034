import { unreachable } from '../../core/assert.ts';
import type { Unit } from './api-answers.ts';
import type { Colour } from './colour.ts';
import { painter } from './colour.ts';
import { shown } from './figures.ts';

/** What became of a wish for another interval. `sent`: it is not waited for. */
export type Outcome =
  | { readonly type: 'sent'; readonly rev: number }
  | { readonly type: 'unconfirmed'; readonly rev: number }
  | { readonly type: 'confirmed' }
  | { readonly type: 'assumed' }
  | { readonly type: 'replaced'; readonly wanted: number }
  | { readonly type: 'refused'; readonly code: string; readonly reason: string };

export interface Wish {
  readonly unit: Unit;
  readonly seconds: number;
  readonly outcome: Outcome;
}

const words = {
  confirmed: 'confirmed',
  assumed: 'assumed',
  sent: 'sent, not waited for',
  unconfirmed: 'not confirmed',
  replaced: 'replaced by another change',
  refused: 'refused',
} as const satisfies Record<Outcome['type'], string>;

/** 1 where somebody has to look after a unit. */
export function exitCodeOf(wishes: readonly Wish[]): 0 | 1 {
  return wishes.some(({ outcome }) => ['unconfirmed', 'replaced', 'refused'].includes(outcome.type)) ? 1 : 0;
}

export function jsonOf({ unit, seconds, outcome }: Wish): object {
  const reason = outcome.type === 'refused' ? { code: outcome.code, reason: outcome.reason } : {};
  return {
    client_id: unit.client_id,
    name: unit.name,
    state: unit.state,
    seconds,
    outcome: outcome.type,
    ...reason,
    interval: unit.interval,
  };
}

/** One line a unit. */
export function linesOf(wishes: readonly Wish[], colours: boolean): string {
  const paint = painter(colours);
  return wishes
    .map((wish) => `${paint('bold', shown(wish.unit.name))}: ${paint(colourOf(wish.outcome), sentence(wish))}\n`)
    .join('');
}

/** How many of each. */
export function summaryOf(wishes: readonly Wish[]): string {
  const counts = Object.entries(words).flatMap(([type, text]) => {
    const count = wishes.filter(({ outcome }) => outcome.type === type).length;
    return count === 0 ? [] : [`${count} ${text}`];
  });
  return `${wishes.length} units: ${counts.join(', ')}\n`;
}

function sentence({ unit, seconds, outcome }: Wish): string {
  switch (outcome.type) {
    case 'confirmed':
      return `every ${seconds} s, confirmed`;
    case 'assumed':
      return `every ${seconds} s, assumed: a v1 unit never confirms, and was told ${unit.interval.tries} times`;
    case 'sent':
      return unit.state === 'online' || unit.state === 'late'
        ? `every ${seconds} s, sent`
        : `every ${seconds} s as soon as it is back; it is ${shown(unit.state)}`;
    case 'unconfirmed':
      return `not confirmed yet: it is ${shown(unit.state)} and keeps ${unit.interval.confirmed} s until it has heard of ${seconds} s; the server goes on sending`;
    case 'replaced':
      return `somebody else has changed it to ${outcome.wanted} s meanwhile`;
    case 'refused':
      return `not changed: ${outcome.reason}`;
    default:
      return unreachable(outcome);
  }
}

function colourOf({ type }: Outcome): Colour {
  if (type === 'confirmed') return 'green';
  return type === 'assumed' || type === 'sent' ? 'dim' : 'red';
}
