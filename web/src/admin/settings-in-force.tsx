import type { JSX } from 'preact';
import type { SettingView } from '../../../src/api/contract.ts';
import { hub } from '../hub.ts';
import { Answered } from './answered.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { FilterBox, filterText } from './filter-box.tsx';
import { matches } from './filter.ts';
import { useAsked } from './use-asked.ts';

/** The settings that the server runs with. For whom may('admin'). */
export function SettingsInForce(): JSX.Element {
  const settings = useAsked(() => hub.settings());
  return (
    <section class="admin-section" aria-labelledby="admin-settings">
      <h2 id="admin-settings">Settings in force</h2>
      <p class="quiet">
        They are changed where the server runs: a flag, a variable of its environment, or a line of the file that{' '}
        <code>--config</code> names. Those marked live are taken up by SIGHUP (
        <code>systemctl reload telemetry-server</code>
        ), the others by a restart. <code>telemetry-server config check</code> tells beforehand whether a file is right.
      </p>
      <Answered of={settings}>{(all) => <Found all={all} />}</Answered>
    </section>
  );
}

function Found({ all }: { readonly all: readonly SettingView[] }): JSX.Element {
  const filter = filterText();
  const found = all.filter(({ key, value, source, live, description }) =>
    matches(filter, [key, value, source, live ? 'live' : 'restart', description]),
  );
  return (
    <>
      <FilterBox label="Filter by any word" found={found.length} all={all.length} />
      <DataTable
        label="Settings in force"
        columns={columns}
        rows={found}
        keyOf={({ key }) => key}
        empty="No setting has all these words."
      />
    </>
  );
}

const columns: readonly Column<SettingView>[] = [
  { label: 'Setting', cell: ({ key }) => <code class="admin-break">{key}</code> },
  { label: 'Value', cell: ({ value }) => <code class="admin-break">{value === '' ? '(empty)' : value}</code> },
  {
    label: 'Source',
    cell: ({ source }) => <span class={source === 'default' ? 'admin-break quiet' : 'admin-break'}>{source}</span>,
  },
  { label: 'A change needs', cell: ({ live }) => (live ? 'SIGHUP (live)' : 'a restart') },
  { label: 'Description', kind: 'wide', cell: ({ description }) => description },
];
