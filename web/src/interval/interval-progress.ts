import type { FleetRow, IntervalsOutcome } from '../../../src/api/contract.ts';

/** How far a wish for another interval has come. */
export interface IntervalProgress {
  readonly confirmed: number;
  readonly assumed: number;
  /** The units that have not confirmed it, by name. */
  readonly waiting: readonly { readonly name: string; readonly interval: FleetRow['interval'] }[];
}

/** The units that took the wish, as they are by now: by the live rows where they are newer than the answer. */
export function progressOf(
  accepted: IntervalsOutcome['accepted'],
  rows: ReadonlyMap<string, Pick<FleetRow, 'interval'>>,
): IntervalProgress {
  const now = accepted.map(({ client_id: clientId, name, interval }) => {
    const live = rows.get(clientId)?.interval;
    return { name, interval: live !== undefined && live.rev >= interval.rev ? live : interval };
  });
  const waiting = now.filter(({ interval }) => interval.state === 'sending');
  return {
    confirmed: now.filter(({ interval }) => interval.state === 'confirmed').length,
    assumed: now.filter(({ interval }) => interval.state === 'assumed').length,
    waiting,
  };
}
