import type { JSX } from 'preact';
import type { MachineView } from '../../../src/api/contract.ts';
import { hub } from '../hub.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Field } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { meaningOf, type MachineAct } from './machine-acts.ts';
import { Dialog } from '../ui/dialog.tsx';
import { useForm } from './use-form.ts';

interface MachineDialogProps<Act> {
  readonly act: Act;
  readonly machine: MachineView;
  readonly all: readonly MachineView[];
  readonly onDone: (after: MachineView) => void;
  readonly onClose: () => void;
}

export function MachineDialog({ act, ...rest }: MachineDialogProps<MachineAct>): JSX.Element {
  return act === 'rename' ? <RenameDialog {...rest} /> : <ChangeDialog act={act} {...rest} />;
}

const titles = { approve: 'Approve', revoke: 'Revoke', forget: 'Forget' } as const;

function ChangeDialog(props: MachineDialogProps<Exclude<MachineAct, 'rename'>>): JSX.Element {
  const { act, machine, all, onDone, onClose } = props;
  let after = machine;
  return (
    <ConfirmDialog
      title={`${titles[act]} ${machine.name}?`}
      verb={titles[act]}
      danger={act !== 'approve'}
      act={async () => {
        after = await hub.changeMachine(machine.client_id, act);
      }}
      onDone={() => onDone(after)}
      onClose={onClose}
    >
      {meaningOf(act, machine, all).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <dl class="admin-facts">
        <dt>Key</dt>
        <dd>
          <code>{machine.key}</code>
        </dd>
        <dt>Last seen from</dt>
        <dd>{machine.peer}</dd>
      </dl>
    </ConfirmDialog>
  );
}

const nameBytesMax = 48;

function RenameDialog({ machine, onDone, onClose }: Omit<MachineDialogProps<never>, 'act'>): JSX.Element {
  let after = machine;
  const form = useForm({
    check: (typed) => {
      const fault = nameFault(typed('name'));
      return fault === undefined ? {} : { name: fault };
    },
    act: async (typed) => {
      after = await hub.renameMachine(machine.client_id, typed('name'));
    },
    fieldOf: ({ problem }) => (problem === 'machine-cannot' || problem === 'bad-request' ? 'name' : undefined),
    onDone: () => {
      onDone(after);
      onClose();
    },
  });
  return (
    <Dialog title={`Rename ${machine.name}`} busy={form.busy} onClose={onClose}>
      <form noValidate onSubmit={form.onSubmit}>
        <p>It keeps its client_id and its history.</p>
        <Field
          name="name"
          label="Name"
          hint={`Unlike all others; at most ${nameBytesMax} bytes.`}
          fault={form.faults['name']}
        >
          {(attributes) => <input {...attributes} defaultValue={machine.name} autocomplete="off" spellcheck={false} />}
        </Field>
        <FormEnd form={form} verb="Rename" onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'A machine has a name.';
  const bytes = new TextEncoder().encode(name).length;
  return bytes > nameBytesMax ? `It has ${bytes} bytes; the longest name has ${nameBytesMax}.` : undefined;
}
