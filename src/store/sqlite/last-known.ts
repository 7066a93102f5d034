import { limits } from '../../core/limits.ts';
import type { LastKnown } from '../contract.ts';
import type { Connection } from './connection.ts';
import { gapsIn } from './gap-record.ts';
import { integerIn, textIn } from './row.ts';

/** Rows that are looked through for units that are long gone; two hundred segments of a thousand units take a tenth of a second. */
const presencesMax = 200_000;

/** What the next server goes on from. The newest readings of a unit are in the last segment, but for units that have been away. */
export function lastKnown({ statements, segment }: Pick<Connection, 'statements' | 'segment'>): LastKnown {
  const newestMs = new Map<string, number>(segment?.newest());
  const units = integerIn(statements.countUnits.get(), 'units');
  for (const row of statements.newestPresences.iterate(presencesMax)) {
    if (newestMs.size >= units) break;
    const clientId = textIn(row, 'client_id');
    if (!newestMs.has(clientId)) newestMs.set(clientId, integerIn(row, 'to_ms'));
  }
  for (const row of newestMs.size < units ? statements.newest.iterate() : []) {
    const clientId = textIn(row, 'client_id');
    if (!newestMs.has(clientId)) newestMs.set(clientId, integerIn(row, 'to_ms'));
  }
  return {
    gaps: gapsIn(statements.lastGaps.all(limits.fillableGapsMax)),
    gapNumber: integerIn(statements.gapNumber.get(), 'number'),
    newestMs,
  };
}
