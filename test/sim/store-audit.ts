import type { UnitRecord } from '../../src/core/unit.ts';
import type { Cursor } from '../../src/store/sqlite/messages.ts';
import { Reader } from '../../src/store/sqlite/reader.ts';
import { parseUnit } from '../../src/store/sqlite/unit-record.ts';
import { Writer } from '../../src/store/sqlite/writer.ts';
import type { Database } from './database.ts';
import { contentOf, labelOf, type Ledger } from './ledger.ts';

export interface StoreAudit {
  /** The first thing that is wrong. */
  readonly fault: string | undefined;
  readonly units: readonly UnitRecord[];
}

/** Reads a database as the next run of the server would, and compares it with what was committed to it. Nobody may write to it. */
export function auditStore(database: Database, ledger: Ledger): StoreAudit {
  const folder = 'the audited disk';
  const writer = new Writer({
    folder,
    retentionMs: undefined,
    budgetBytes: undefined,
    open: (name) => database.open(name),
  });
  const reader = new Reader(folder, () => database.openForReading());
  const units = writer.units().flatMap((record) => parseUnit(record) ?? []);
  const fault = faultIn(units, { writer, reader, ledger });
  reader.close();
  writer.close();
  return { fault, units };
}

function faultIn(
  units: readonly UnitRecord[],
  { writer, reader, ledger }: { readonly writer: Writer; readonly reader: Reader; readonly ledger: Ledger },
): string | undefined {
  let labelled = 0;
  const highest = new Map<string, number>();
  for (const { clientId } of units) {
    for (const { epoch, seq, ...reading } of readingsOf(clientId, reader)) {
      if (epoch === undefined || seq === undefined) continue;
      labelled += 1;
      const label = labelOf(clientId, epoch, seq);
      const lane = `${clientId} ${epoch}`;
      const content = contentOf({ epoch, seq, ...reading });
      if (ledger.content(label) !== content) return `${label} is on the disk as ${content}`;
      // In order of arrival, which within an epoch is that of the numbers: so none can be there twice.
      if (seq <= (highest.get(lane) ?? 0)) return `${label} is on the disk behind ${highest.get(lane)}`;
      highest.set(lane, seq);
    }
  }
  if (labelled !== ledger.size) return `${labelled} readings are on the disk, not ${ledger.size}`;
  for (const { clientId, epoch, seq } of ledger.highest()) {
    const stored = writer.highestSeq(clientId, epoch);
    if (stored !== seq) return `the highest number of ${clientId} ${epoch} is ${seq}, and counts as ${stored}`;
  }
  return undefined;
}

function* readingsOf(clientId: string, reader: Reader): Generator<Parameters<typeof contentOf>[0], void> {
  const query = { clientId, fromMs: 0, toMs: Number.POSITIVE_INFINITY };
  let cursor: Cursor | undefined;
  do {
    const page = reader.page(query, cursor);
    for (const { reading } of page.readings) yield reading;
    cursor = page.next;
  } while (cursor !== undefined);
}
