import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AccountView } from '../../../src/api/contract.ts';
import { hub } from '../hub.ts';
import { When } from '../ui/when.tsx';
import { AddAccount, ChangeScope, RemoveAccount } from './account-dialogs.tsx';
import { Answered } from './answered.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { Said } from './said.tsx';
import { useAsked } from './use-asked.ts';

type Open =
  | { readonly name: 'add' }
  | { readonly name: 'scope'; readonly account: AccountView }
  | { readonly name: 'remove'; readonly account: AccountView };

/** Who may log in. For whom may('admin'). */
export function Accounts(): JSX.Element {
  const accounts = useAsked(() => hub.accounts());
  const [open, setOpen] = useState<Open>();
  const [said, setSaid] = useState('');
  const dialog = {
    onDone: (words: string) => {
      setSaid(words);
      void accounts.ask();
    },
    onClose: () => setOpen(undefined),
  };
  return (
    <section class="admin-section" aria-labelledby="admin-accounts">
      <h2 id="admin-accounts">Accounts</h2>
      <p class="quiet">
        Whoever comes from another machine logs in with one. On the server, <code>telemetryctl user</code> does the
        same, and gives a new password to who has forgotten theirs.
      </p>
      <div>
        <button type="button" onClick={() => setOpen({ name: 'add' })}>
          Add an account
        </button>
      </div>
      <Said words={said} />
      <Answered of={accounts}>
        {(rows) => (
          <DataTable
            label="Accounts"
            columns={columns(setOpen)}
            rows={rows}
            keyOf={({ name }) => name}
            empty="There is no account yet."
          />
        )}
      </Answered>
      {open?.name === 'add' && <AddAccount {...dialog} />}
      {open?.name === 'scope' && <ChangeScope account={open.account} {...dialog} />}
      {open?.name === 'remove' && <RemoveAccount account={open.account} {...dialog} />}
    </section>
  );
}

function columns(onOpen: (open: Open) => void): readonly Column<AccountView>[] {
  return [
    { label: 'Name', cell: ({ name }) => <span class="admin-break">{name}</span> },
    { label: 'Scope', cell: ({ scope }) => scope },
    { label: 'Made', cell: ({ created }) => <When ms={Date.parse(created)} /> },
    { label: 'Password since', cell: ({ password_changed: time }) => <When ms={Date.parse(time)} /> },
    {
      label: 'Acts',
      kind: 'acts',
      cell: (account) => (
        <span class="admin-acts">
          <button
            type="button"
            aria-label={`Change scope of ${account.name}`}
            onClick={() => onOpen({ name: 'scope', account })}
          >
            Change scope
          </button>
          <button
            type="button"
            aria-label={`Remove the account ${account.name}`}
            onClick={() => onOpen({ name: 'remove', account })}
          >
            Remove
          </button>
        </span>
      ),
    },
  ];
}
