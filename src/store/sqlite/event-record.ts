import type { SQLOutputValue } from 'node:sqlite';
import { limits } from '../../core/limits.ts';
import type { UnitEventRecord } from '../../core/unit-event.ts';
import { checksum } from './block.ts';
import type { Connection } from './connection.ts';
import { isObject, parsedJson } from './json.ts';
import type { PackedEvent } from './messages.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

/** Of a unit so many more may lie there than are kept: to take them away is to look through all of the unit's, 0.4 ms, which is not done for each. */
export const eventsTrimmedAt = 64;
/** Units of one batch of which it is done: thousands come back at once after a restart, and what is acknowledged with the batch waits for it. */
export const unitsTrimmedMax = 8;

/** What happened to a unit as it goes to the writer. */
export function packEvent({ clientId, timeMs, event, details }: UnitEventRecord): PackedEvent {
  return [clientId, timeMs, JSON.stringify({ event, details })];
}

/**
 * Keeps them within the caller's transaction, but for those that are kept already. The first of a unit on this connection takes away what is too much of the unit, and then each 64th, or
 * the next one where too many do.
 */
export function writeEvents(
  events: readonly PackedEvent[],
  { statements, untrimmedEvents }: Pick<Connection, 'statements' | 'untrimmedEvents'>,
): void {
  let trimmed = 0;
  for (const [clientId, timeMs, record] of events) {
    statements.addEvent.run(clientId, timeMs, eventChecksum(clientId, timeMs, record), record);
    const untrimmed = (untrimmedEvents.get(clientId) ?? eventsTrimmedAt - 1) + 1;
    const isDue = untrimmed >= eventsTrimmedAt && trimmed < unitsTrimmedMax;
    untrimmedEvents.set(clientId, isDue ? 0 : untrimmed);
    if (!isDue) continue;
    trimmed += 1;
    statements.dropMoreEvents.run(clientId, limits.eventsAUnitMax);
  }
}

/** What happened, if the row is whole. */
export function eventIn({
  client_id: clientId,
  time_ms: timeMs,
  checksum: expected,
  record,
}: Row): UnitEventRecord | undefined {
  if (typeof clientId !== 'string' || typeof timeMs !== 'number' || typeof record !== 'string') return undefined;
  if (eventChecksum(clientId, timeMs, record) !== expected) return undefined;
  const value = parsedJson(record);
  if (!isEvent(value)) return undefined;
  return { clientId, timeMs, event: value.event, details: value.details };
}

/** Of whom and when as well: elsewhere it would be another's. */
function eventChecksum(clientId: string, timeMs: number, record: string): number {
  return checksum(`${clientId} ${timeMs} ${record}`);
}

function isEvent(value: unknown): value is Pick<UnitEventRecord, 'event' | 'details'> {
  if (!isObject(value) || typeof value['event'] !== 'string' || !isObject(value['details'])) return false;
  return Object.values(value['details']).every((detail) => detail === null || plain.has(typeof detail));
}

const plain: ReadonlySet<string> = new Set(['string', 'number', 'boolean']);
