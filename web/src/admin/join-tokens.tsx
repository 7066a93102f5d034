import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { JoinTokenView } from '../../../src/api/contract.ts';
import { count } from '../format/quantities.ts';
import { hub } from '../hub.ts';
import { may } from '../shell/who.ts';
import { When } from '../ui/when.tsx';
import { Answered } from './answered.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { JoinLineMaker } from './join-line-maker.tsx';
import { Said } from './said.tsx';
import { ScopeNote } from './scope-note.tsx';
import { useAsked } from './use-asked.ts';
import { useNews } from './use-news.ts';

/** What lets machines in. */
export function JoinTokens(): JSX.Element {
  const tokens = useAsked(() => hub.joinTokens(), 15_000);
  useNews(tokens, ['join-token-']);
  const server = useAsked((signal) => hub.server(signal));
  const [chosen, setChosen] = useState<JoinTokenView>();
  const [said, setSaid] = useState('');
  const report = server.answer.value;
  const nowhere = report.name === 'answered' && report.value.join === null;
  return (
    <section class="admin-section" aria-labelledby="admin-join-tokens">
      <h2 id="admin-join-tokens">Join tokens</h2>
      <p class="quiet">
        A machine that joins with one speaks TLS to this server, knows it by its certificate, and is known by a key of
        its own.
      </p>
      {nowhere && (
        <p class="notice warn">
          This server has no TLS listener, and a machine joins over nothing else. Start it with{' '}
          <code>--listen tls://[::]:34568</code> besides its other listeners.
        </p>
      )}
      {may('admin') ? (
        !nowhere && <JoinLineMaker onMade={() => void tokens.ask()} />
      ) : (
        <ScopeNote what="To make or revoke a join token" scope="admin" />
      )}
      <Said words={said} />
      <Answered of={tokens}>
        {(rows) => (
          <DataTable
            label="Join tokens"
            columns={columns(may('admin') ? setChosen : undefined)}
            rows={rows}
            keyOf={({ id }) => id}
            empty="There is no join token."
          />
        )}
      </Answered>
      {chosen !== undefined && (
        <ConfirmDialog
          title={`Revoke the join token ${chosen.id}?`}
          verb="Revoke"
          danger
          act={() => hub.revokeJoinToken(chosen.id)}
          onDone={() => {
            setSaid(`The join token ${chosen.id} lets nobody in any more.`);
            void tokens.ask();
          }}
          onClose={() => setChosen(undefined)}
        >
          <p>It lets nobody in any more. Machines that it has let in stay.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function columns(onRevoke: ((token: JoinTokenView) => void) | undefined): readonly Column<JoinTokenView>[] {
  const all: readonly Column<JoinTokenView>[] = [
    { label: 'State', cell: ({ state }) => <span class={`admin-state admin-state-${state}`}>{state}</span> },
    { label: 'Id', cell: ({ id }) => <code>{id}</code> },
    { label: 'Used', kind: 'number', cell: ({ uses, uses_max: max }) => `${count(uses)} of ${count(max)}` },
    { label: 'Made', cell: ({ created }) => <When ms={Date.parse(created)} /> },
    { label: 'Holds until', cell: ({ expires }) => <When ms={Date.parse(expires)} /> },
  ];
  if (onRevoke === undefined) return all;
  const acts: Column<JoinTokenView> = {
    label: 'Acts',
    kind: 'acts',
    cell: (token) =>
      token.state === 'valid' && (
        <span class="admin-acts">
          <button type="button" aria-label={`Revoke the join token ${token.id}`} onClick={() => onRevoke(token)}>
            Revoke
          </button>
        </span>
      ),
  };
  return [...all, acts];
}
