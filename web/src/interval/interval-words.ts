import type { UnitView } from '../../../src/api/contract.ts';
import { unreachable } from '../../../src/core/assert.ts';
import { duration } from '../format/times.ts';

type Interval = UnitView['interval'];

/** `10 s`, or what becomes of a wish for another: `10 s → 5 s sending, try 2`. */
export function intervalWords({ confirmed, wanted, state, tries }: Interval): string {
  switch (state) {
    case 'confirmed':
      return duration(confirmed);
    case 'sending':
      return `${duration(confirmed)} → ${duration(wanted)} ${tries === 0 ? 'not sent yet' : `sending, try ${tries}`}`;
    case 'assumed':
      return `${duration(wanted)} assumed`;
    default:
      return unreachable(state);
  }
}

/** The same as a sentence, for who wants to know what the words mean. */
export function intervalSentence({ confirmed, wanted, state, tries }: Interval): string {
  switch (state) {
    case 'confirmed':
      return `The unit has confirmed that it reports every ${duration(confirmed)}.`;
    case 'sending':
      return `The unit reports every ${duration(confirmed)}. It was asked ${tries} times to report every ${duration(wanted)}, and has not confirmed it yet.`;
    case 'assumed':
      return `The unit was asked to report every ${duration(wanted)}. Its version of the protocol has no way to confirm it.`;
    default:
      return unreachable(state);
  }
}
