import type { JSX } from 'preact';
import { DataTable, type Column } from '../admin/data-table.tsx';
import { count } from '../format/quantities.ts';
import { troubleRows } from './trouble-advice.ts';

type Trouble = ReturnType<typeof troubleRows>[number];

/** What the server has logged as warnings and errors since it started, and what to do. */
export function ServerTroubles({ troubles }: { readonly troubles: Readonly<Record<string, number>> }): JSX.Element {
  return (
    <section class="server-part" aria-labelledby="server-troubles">
      <h2 id="server-troubles">Warnings and errors since the start</h2>
      <DataTable
        label="Warnings and errors by event"
        columns={columns}
        rows={troubleRows(troubles)}
        keyOf={({ event }) => event}
        empty="None."
      />
    </section>
  );
}

const columns: readonly Column<Trouble>[] = [
  { label: 'Event', cell: ({ event }) => <code>{event}</code> },
  { label: 'Times', kind: 'number', cell: ({ times }) => count(times) },
  { label: 'What to do', cell: ({ advice }) => advice },
];
