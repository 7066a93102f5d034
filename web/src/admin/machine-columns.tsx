import type { JSX } from 'preact';
import type { MachineView } from '../../../src/api/contract.ts';
import { hrefOf } from '../shell/address.ts';
import { When } from '../ui/when.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import type { Column } from './data-table.tsx';
import { actsOf, isPending, shortKey, type MachineAct } from './machine-acts.ts';

const verbs: Readonly<Record<MachineAct, string>> = {
  approve: 'Approve',
  rename: 'Rename',
  revoke: 'Revoke',
  forget: 'Forget',
};

/** The columns of the machines; those acts are offered for which there is an `onAct`. */
export function machineColumns(
  onAct: ((act: MachineAct, machine: MachineView) => void) | undefined,
): readonly Column<MachineView>[] {
  const columns: readonly Column<MachineView>[] = [
    { label: 'State', cell: ({ state }) => <span class={`admin-state admin-state-${state}`}>{state}</span> },
    { label: 'Name', kind: 'name', cell: (machine) => <Name machine={machine} /> },
    { label: 'Key', cell: ({ key, name, client_id: clientId }) => <Key text={key} name={name} clientId={clientId} /> },
    { label: 'First seen', cell: ({ first_seen: time }) => <When ms={Date.parse(time)} /> },
    { label: 'Last seen', cell: ({ last_seen: time }) => <When ms={Date.parse(time)} /> },
    { label: 'Address', cell: ({ peer }) => <span class="admin-break">{peer}</span> },
    {
      label: 'Join token',
      cell: ({ token }) => (token === null ? <span class="quiet">none</span> : <code>{token}</code>),
    },
  ];
  if (onAct === undefined) return columns;
  const acts: Column<MachineView> = {
    label: 'Acts',
    kind: 'acts',
    cell: (machine) => (
      <span class="admin-acts">
        {actsOf(machine).map((act) => (
          <button
            key={act}
            type="button"
            class={act === 'approve' ? 'primary' : undefined}
            aria-label={`${verbs[act]} ${machine.name}`}
            onClick={() => onAct(act, machine)}
          >
            {verbs[act]}
          </button>
        ))}
      </span>
    ),
  };
  return [...columns, acts];
}

/** One that waits has no unit yet. */
function Name({ machine }: { readonly machine: MachineView }): JSX.Element {
  const { name, client_id: clientId } = machine;
  return isPending(machine) ? (
    <strong class="admin-break">{name}</strong>
  ) : (
    <a class="admin-break" href={hrefOf(['units', clientId])}>
      {name}
    </a>
  );
}

function Key({
  text,
  name,
  clientId,
}: {
  readonly text: string;
  readonly name: string;
  readonly clientId: string;
}): JSX.Element {
  const id = `admin-key-${clientId}`;
  return (
    <span class="admin-key">
      <code id={id} title={text}>
        {shortKey(text)}…
      </code>
      <CopyButton text={text} what={`the key of ${name}`} of={id} />
    </span>
  );
}
