import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { count } from '../format/quantities.ts';

export interface Column<Row> {
  readonly label: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly kind?: 'name' | 'number' | 'acts' | 'wide';
}

interface DataTableProps<Row> {
  /** What the rows are, for those who hear the page. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  readonly classOf?: (row: Row) => string | undefined;
  /** What there is to say without rows. */
  readonly empty: ComponentChildren;
}

/** As many rows as a person reads before filtering, and few enough to draw at once. */
const step = 200;

/**
 * A table whose rows become cards on a narrow screen. The roles are said, since a table that is laid out as blocks is none to some browsers.
 */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { label, columns, rows, keyOf, classOf, empty } = props;
  const [shownMax, setShownMax] = useState(step);
  if (rows.length === 0) return <p class="quiet admin-empty">{empty}</p>;
  return (
    <>
      <table class="admin-table" role="table" aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ label: heading, kind }) => (
              <th key={heading} role="columnheader" scope="col" class={kind}>
                {kind === 'acts' ? <span class="visually-hidden">{heading}</span> : heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.slice(0, shownMax).map((row) => (
            <tr key={keyOf(row)} role="row" class={classOf?.(row)}>
              {columns.map(({ label: heading, kind, cell }) => (
                <td key={heading} role="cell" class={kind} data-label={heading}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shownMax && (
        <p class="admin-more">
          <span>
            {count(shownMax)} of {count(rows.length)} are shown.
          </span>
          <button type="button" onClick={() => setShownMax(shownMax + step)}>
            Show {count(Math.min(step, rows.length - shownMax))} more
          </button>
        </p>
      )}
    </>
  );
}
