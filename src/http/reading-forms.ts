import type { UnitReading } from '../core/reading.ts';
import { viewOfReading } from '../core/unit.ts';
import { answerForms } from './answer-form.ts';
import { csvColumns, csvRows } from './reading-csv.ts';

/** How readings are written: the members of the wire, after the unit that each came from. */
export const readingForms = answerForms<UnitReading>({
  json: ({ unit, clientId, reading }) => JSON.stringify({ unit, client_id: clientId, ...viewOfReading(reading) }),
  csvColumns,
  csvRows,
});
