import type { JSX } from 'preact';
import type { AccountView } from '../../../src/api/contract.ts';
import { hub } from '../hub.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Field } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { passwordCharactersMin, twiceFaults } from './password-check.ts';
import { ScopeField, scopeOf } from './scope-field.tsx';
import { useForm } from './use-form.ts';

interface DialogProps {
  /** Told what was done. */
  readonly onDone: (words: string) => void;
  readonly onClose: () => void;
}

export function AddAccount({ onDone, onClose }: DialogProps): JSX.Element {
  let added = '';
  const form = useForm({
    check: (typed): Readonly<Record<string, string>> => ({
      ...(typed('name').trim() === '' && { name: 'An account has a name.' }),
      ...twiceFaults(typed('password'), typed('again')),
    }),
    act: async (typed) => {
      const name = typed('name').trim();
      await hub.addAccount({ name, password: typed('password'), scope: scopeOf(typed('scope')) });
      added = name;
    },
    fieldOf: ({ problem, message }) => {
      if (problem === 'account-exists') return 'name';
      if (problem === 'bad-account') return message.startsWith('The password') ? 'password' : 'name';
      return undefined;
    },
    onDone: () => {
      onDone(`${added} may log in.`);
      onClose();
    },
  });
  return (
    <Dialog title="Add an account" busy={form.busy} onClose={onClose}>
      <form class="admin-form" noValidate onSubmit={form.onSubmit}>
        <Field
          name="name"
          label="Name"
          hint="Letters, digits, dots, hyphens, underscores and @; at most 64."
          fault={form.faults['name']}
        >
          {(attributes) => (
            <input {...attributes} maxLength={64} autocomplete="off" autocapitalize="off" spellcheck={false} />
          )}
        </Field>
        <ScopeField />
        <Field
          name="password"
          label="Password"
          hint={`At least ${passwordCharactersMin} characters. Whoever it is for can change it here later.`}
          fault={form.faults['password']}
        >
          {(attributes) => <input {...attributes} type="password" autocomplete="new-password" />}
        </Field>
        <Field name="again" label="Password, again" fault={form.faults['again']}>
          {(attributes) => <input {...attributes} type="password" autocomplete="new-password" />}
        </Field>
        <FormEnd form={form} verb="Add it" onCancel={onClose} />
      </form>
    </Dialog>
  );
}

export function ChangeScope({
  account: { name, scope },
  onDone,
  onClose,
}: DialogProps & { readonly account: AccountView }): JSX.Element {
  let now = scope;
  const form = useForm({
    check: () => ({}),
    act: async (typed) => {
      now = (await hub.setScope(name, scopeOf(typed('scope')))).scope;
    },
    onDone: () => {
      onDone(`${name} has the scope ${now} now.`);
      onClose();
    },
  });
  return (
    <Dialog title={`What ${name} may do`} busy={form.busy} onClose={onClose}>
      <form class="admin-form" noValidate onSubmit={form.onSubmit}>
        <p>A change ends the sessions of {name}: the next login is with the new scope.</p>
        <ScopeField given={scope} />
        <FormEnd form={form} verb="Change it" onCancel={onClose} />
      </form>
    </Dialog>
  );
}

export function RemoveAccount({
  account: { name },
  onDone,
  onClose,
}: DialogProps & { readonly account: AccountView }): JSX.Element {
  return (
    <ConfirmDialog
      title={`Remove the account ${name}?`}
      verb="Remove"
      danger
      act={() => hub.removeAccount(name)}
      onDone={() => onDone(`The account ${name} is removed.`)}
      onClose={onClose}
    >
      <p>Its sessions end at once, and nobody can log in as {name} any more.</p>
      <p>
        API tokens belong to no account: those that {name} has made stay until they are removed. The audit log keeps its
        lines.
      </p>
    </ConfirmDialog>
  );
}
