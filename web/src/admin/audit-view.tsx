import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AuditLine } from '../../../src/api/contract.ts';
import { count } from '../format/quantities.ts';
import { hub } from '../hub.ts';
import { may } from '../shell/who.ts';
import { When } from '../ui/when.tsx';
import './admin.css';
import { Answered } from './answered.tsx';
import { auditText, detailsOf } from './audit-text.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { FilterBox, filterText } from './filter-box.tsx';
import { matches } from './filter.ts';
import { ScopeNote } from './scope-note.tsx';
import { useAsked } from './use-asked.ts';

/** Who changed what. */
export function AuditView(): JSX.Element {
  return (
    <section class="admin-view">
      <h1 class="admin-title" tabIndex={-1}>
        Audit
      </h1>
      {may('admin') ? <AuditLines /> : <ScopeNote what="The audit log" scope="admin" />}
    </section>
  );
}

const firstCount = 200;
const countStep = 400;
const countMax = 1_000;

function AuditLines(): JSX.Element {
  const [wanted] = useState({ count: firstCount });
  const lines = useAsked(() => hub.audit(wanted.count), 15_000);
  const loadMore = (): void => {
    wanted.count = Math.min(countMax, wanted.count + countStep);
    void lines.ask();
  };
  return (
    <Answered of={lines}>
      {(answered) => (
        <>
          <Head line={answered.at(-1)} />
          <Found lines={answered} />
          {answered.length >= wanted.count && wanted.count < countMax && (
            <div>
              <button type="button" onClick={loadMore}>
                Load more
              </button>
            </div>
          )}
          {answered.length >= countMax && (
            <p class="quiet">
              These are the newest {count(countMax)}. On the server, <code>telemetryctl audit --last COUNT</code> shows
              more.
            </p>
          )}
        </>
      )}
    </Answered>
  );
}

/** How to tell that nobody has changed the log. */
function Head({ line }: { readonly line: AuditLine | undefined }): JSX.Element {
  return (
    <div class="notice admin-section">
      <p>
        Each line carries a hash over itself and the line before. On the server, <code>telemetryctl audit verify</code>{' '}
        finds a line that was changed or is missing. Who may write the file could write all of it anew: keep the hash of
        the last line elsewhere now and then.
      </p>
      {line !== undefined && (
        <p class="admin-copy">
          Line {count(line.number)}:{' '}
          <code id="admin-head" class="admin-break">
            {line.hash}
          </code>
          <CopyButton text={line.hash} what="the hash of the last line" of="admin-head" />
        </p>
      )}
    </div>
  );
}

function Found({ lines }: { readonly lines: readonly AuditLine[] }): JSX.Element {
  const filter = filterText();
  const found = lines.toReversed().filter((line) => matches(filter, auditText(line)));
  return (
    <>
      <FilterBox label="Filter by who, action, target, details" found={found.length} all={lines.length} />
      <DataTable
        label="Audit log, the newest first"
        columns={columns}
        rows={found}
        keyOf={({ number }) => number}
        empty={lines.length === 0 ? 'Nobody has changed anything yet.' : 'No line has all these words.'}
      />
    </>
  );
}

const columns: readonly Column<AuditLine>[] = [
  { label: 'Time', cell: ({ time }) => <When ms={Date.parse(time)} /> },
  { label: 'Who', cell: ({ who }) => <span class="admin-break">{who}</span> },
  { label: 'From', cell: ({ from }) => <span class="admin-break">{from}</span> },
  { label: 'Action', cell: ({ action }) => action },
  { label: 'Target', cell: ({ target }) => <span class="admin-break">{target}</span> },
  {
    label: 'Details',
    kind: 'wide',
    cell: (line) => (
      <span class="admin-details">
        {detailsOf(line).map(([name, value]) => (
          <span key={name} class="admin-break">
            <span class="quiet">{name}</span> {value}
          </span>
        ))}
      </span>
    ),
  },
];
