import type { DatabaseSync } from 'node:sqlite';
import type { UnitEventRecord } from '../../core/unit-event.ts';
import { eventIn } from './event-record.ts';
import { eachRow, type TellDamage } from './inspection.ts';
import { storeHasEvents } from './schema.ts';

const eventsTable = {
  table: 'events',
  columns: 'client_id, time_ms, number, checksum, record',
  key: 'client_id, time_ms, number',
};

/** What happened to units, each unit's oldest first, as far as it can be read, of a store that a check or a salvage looks at. There may be millions of them. */
export function* findEvents(database: DatabaseSync, folder: string, tell: TellDamage): Generator<UnitEventRecord> {
  if (!storeHasEvents(database, folder)) return;
  for (const row of eachRow(database, eventsTable, tell)) {
    const event = eventIn(row);
    if (event !== undefined) yield event;
    else tell(`what happened to ${String(row['client_id'])} at ${String(row['time_ms'])} is damaged`);
  }
}
