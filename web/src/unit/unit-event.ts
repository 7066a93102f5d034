import type { LoggedEvent, UnitEventView } from '../../../src/api/contract.ts';

/** What happened to the unit. */
export interface UnitEvent {
  /** By the server's clock, milliseconds since 1970. */
  readonly timeMs: number;
  readonly event: string;
  readonly details: UnitEventView['details'];
}

/** Offsets up to here are shown as 0 by the server; no clock is righter than that on the way. */
const offsetMsMin = 2_000;

/** What to add to a time of the server to have the one of the unit's clock. */
export function offsetOf(clockOffsetMs: number | null | undefined): number {
  return Math.abs(clockOffsetMs ?? 0) >= offsetMsMin ? (clockOffsetMs ?? 0) : 0;
}

const noDetails = new Set(['time', 'level', 'event', 'unit', 'client_id']);

/** What is stored and what came since, without what is in both, oldest first. */
export function unitEvents(
  stored: readonly UnitEventView[],
  live: readonly LoggedEvent[],
  clientId: string,
): readonly UnitEvent[] {
  const events = stored.map(({ time, event, details }): UnitEvent => ({ timeMs: Date.parse(time), event, details }));
  const known = new Set(events.map(nameOf));
  const newer = live
    .filter((line) => line['client_id'] === clientId)
    .map(eventOf)
    .filter((event) => !known.has(nameOf(event)));
  return [...events, ...newer].toSorted((one, other) => one.timeMs - other.timeMs);
}

function nameOf({ timeMs, event }: UnitEvent): string {
  return `${timeMs} ${event}`;
}

function eventOf(line: LoggedEvent): UnitEvent {
  const details: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(line)) {
    if (noDetails.has(name)) continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
      details[name] = value;
  }
  return { timeMs: Date.parse(line.time), event: line.event, details };
}
