import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { MachineView } from '../../../src/api/contract.ts';
import { count } from '../format/quantities.ts';
import { hub } from '../hub.ts';
import { may } from '../shell/who.ts';
import './admin.css';
import { Answered } from './answered.tsx';
import { DataTable } from './data-table.tsx';
import { FilterBox, filterText } from './filter-box.tsx';
import { matches } from './filter.ts';
import { doneWords, inOrder, isPending, type MachineAct } from './machine-acts.ts';
import { machineColumns } from './machine-columns.tsx';
import { MachineDialog } from './machine-dialogs.tsx';
import { Said } from './said.tsx';
import { ScopeNote } from './scope-note.tsx';
import { useAsked } from './use-asked.ts';
import { useNews } from './use-news.ts';

/** The machines that hold a key, and who of them is served. */
export function MachinesView(): JSX.Element {
  const machines = useAsked(() => hub.machines(), 15_000);
  useNews(machines, ['machine-', 'join-token-used']);
  const [chosen, setChosen] = useState<{ readonly act: MachineAct; readonly machine: MachineView }>();
  const [said, setSaid] = useState('');
  const answer = machines.answer.value;
  const all = answer.name === 'answered' ? answer.value : [];
  const waiting = all.filter(isPending).length;
  const done = (after: MachineView): void => {
    if (chosen === undefined) return;
    setSaid(doneWords(chosen.act, chosen.machine, after));
    void machines.ask();
  };
  return (
    <section class="admin-view">
      <h1 class="admin-title" tabIndex={-1}>
        Machines
        {waiting > 0 && <span class="admin-badge">{count(waiting)} waiting for approval</span>}
      </h1>
      <p class="quiet">A machine has a key of its own; its name and history are served to that key alone.</p>
      {!may('admin') && <ScopeNote what="To approve, revoke, forget or rename a machine" scope="admin" />}
      <Said words={said} />
      <Answered of={machines}>{(list) => <Machines all={list} onAct={setChosen} />}</Answered>
      {chosen !== undefined && (
        <MachineDialog {...chosen} all={all} onDone={done} onClose={() => setChosen(undefined)} />
      )}
    </section>
  );
}

function Machines({
  all,
  onAct,
}: {
  readonly all: readonly MachineView[];
  readonly onAct: (chosen: { readonly act: MachineAct; readonly machine: MachineView }) => void;
}): JSX.Element {
  const filter = filterText();
  const found = inOrder(all).filter(({ name, state, key, peer, client_id, token }) =>
    matches(filter, [name, state, key, peer, client_id, token ?? '']),
  );
  return (
    <>
      <FilterBox label="Filter by name, state, key, address" found={found.length} all={all.length} />
      <DataTable
        label="Machines"
        columns={machineColumns(may('admin') ? (act, machine) => onAct({ act, machine }) : undefined)}
        rows={found}
        keyOf={({ client_id, key }) => `${client_id} ${key}`}
        classOf={(machine) => (isPending(machine) ? 'admin-pending' : undefined)}
        empty={
          all.length === 0
            ? 'No machine has shown a key yet. Clients make one at their first start; a client in shell has none, and reports all the same.'
            : 'No machine has all these words.'
        }
      />
    </>
  );
}
