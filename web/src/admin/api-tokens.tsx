import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiTokenView } from '../../../src/api/contract.ts';
import { hub } from '../hub.ts';
import { When } from '../ui/when.tsx';
import { Answered } from './answered.tsx';
import { ApiTokenMaker } from './api-token-maker.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { Said } from './said.tsx';
import { useAsked } from './use-asked.ts';

/** What programs say who they are by. For whom may('admin'). */
export function ApiTokens(): JSX.Element {
  const tokens = useAsked(() => hub.apiTokens());
  const [chosen, setChosen] = useState<ApiTokenView>();
  const [said, setSaid] = useState('');
  return (
    <section class="admin-section" aria-labelledby="admin-api-tokens">
      <h2 id="admin-api-tokens">API tokens</h2>
      <p class="quiet">
        A program says who it is by one: Prometheus, telemetryctl on another machine, a script of yours.
      </p>
      <ApiTokenMaker onMade={() => void tokens.ask()} />
      <Said words={said} />
      <Answered of={tokens}>
        {(rows) => (
          <DataTable
            label="API tokens"
            columns={columns(setChosen)}
            rows={rows}
            keyOf={({ id }) => id}
            empty="There is no API token."
          />
        )}
      </Answered>
      {chosen !== undefined && (
        <ConfirmDialog
          title={`Remove the API token ${chosen.name}?`}
          verb="Remove"
          danger
          act={() => hub.removeApiToken(chosen.id)}
          onDone={() => {
            setSaid(`The API token ${chosen.name} is removed.`);
            void tokens.ask();
          }}
          onClose={() => setChosen(undefined)}
        >
          <p>Whatever uses it is refused from the next request on. It cannot be brought back.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function columns(onRemove: (token: ApiTokenView) => void): readonly Column<ApiTokenView>[] {
  return [
    { label: 'Name', cell: ({ name }) => <span class="admin-break">{name}</span> },
    { label: 'Id', cell: ({ id }) => <code>{id}</code> },
    { label: 'Scope', cell: ({ scope }) => scope },
    { label: 'Made', cell: ({ created }) => <When ms={Date.parse(created)} /> },
    {
      label: 'Holds until',
      cell: ({ expires }) => (expires === null ? 'it is removed' : <When ms={Date.parse(expires)} />),
    },
    {
      label: 'Acts',
      kind: 'acts',
      cell: (token) => (
        <span class="admin-acts">
          <button
            type="button"
            aria-label={`Remove the API token ${token.name}, ${token.id}`}
            onClick={() => onRemove(token)}
          >
            Remove
          </button>
        </span>
      ),
    },
  ];
}
