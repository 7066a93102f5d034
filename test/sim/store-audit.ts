import type { UnitRecord } from '../../src/core/unit.ts';
import { Reader } from '../../src/store/sqlite/reader.ts';
import { parseUnit } from '../../src/store/sqlite/unit-record.ts';
import { Writer } from '../../src/store/sqlite/writer.ts';
import type { Database } from './database.ts';
import { contentOf, labelOf, type Ledger } from './ledger.ts';
import { windowReadings } from './reader-thread.ts';

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
    retentionMs: {},
    budgetBytes: undefined,
    open: (name) => database.open(name),
  });
  const reader = new Reader({ folder, windowReadings, open: () => database.openForReading() });
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
  const labels = new Set<string>();
  for (const { clientId } of units) {
    for (const { epoch, seq, ...reading } of readingsOf(clientId, reader)) {
      if (epoch === undefined || seq === undefined) continue;
      const label = labelOf(clientId, epoch, seq);
      const content = contentOf({ epoch, seq, ...reading });
      if (ledger.content(label) !== content) return `${label} is on the disk as ${content}`;
      if (labels.has(label)) return `${label} is on the disk twice`;
      labels.add(label);
    }
  }
  if (labels.size !== ledger.size) return `${labels.size} readings are on the disk, not ${ledger.size}`;
  const unbounded = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  const noted = ledger.notes.faultIn(units, (clientId) => reader.events({ clientId, ...unbounded }));
  if (noted !== undefined) return noted;
  for (const { clientId, epoch, seq } of ledger.highest()) {
    const stored = writer.highestSeq(clientId, epoch);
    if (stored !== seq) return `the highest number of ${clientId} ${epoch} is ${seq}, and counts as ${stored}`;
  }
  return undefined;
}

function* readingsOf(clientId: string, reader: Reader): Generator<Parameters<typeof contentOf>[0], void> {
  const query = { clientId, fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  let page = reader.page(1, { type: 'readings', query });
  for (;;) {
    for (const { reading } of page.readings) yield reading;
    if (page.isLast) return;
    page = reader.page(1, undefined);
  }
}
