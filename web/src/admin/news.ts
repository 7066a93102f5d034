import type { LoggedEvent } from '../../../src/api/contract.ts';

/** Whether one of these events, by the beginnings of their names, came after `last`. All count where `last` is no longer among the events that are kept. */
export function isNews(
  events: readonly LoggedEvent[],
  last: LoggedEvent | undefined,
  beginnings: readonly string[],
): boolean {
  const since = last === undefined ? 0 : events.lastIndexOf(last) + 1;
  return events.slice(since).some(({ event }) => beginnings.some((beginning) => event.startsWith(beginning)));
}
