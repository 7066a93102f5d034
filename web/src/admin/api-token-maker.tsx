import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiTokenView } from '../../../src/api/contract.ts';
import { hub } from '../hub.ts';
import { CopiedLine } from './copied-line.tsx';
import { Field } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ScopeField, scopeOf } from './scope-field.tsx';
import { useForm } from './use-form.ts';

const spans = [
  { seconds: '2592000', words: '30 days' },
  { seconds: '7776000', words: '90 days' },
  { seconds: '31536000', words: '1 year' },
  { seconds: '', words: 'Until it is removed' },
] as const;

/** Makes an API token, and shows it once. */
export function ApiTokenMaker({ onMade }: { readonly onMade: () => void }): JSX.Element {
  const [open, setOpen] = useState(false);
  const [token, setToken] = useState<ApiTokenView & { readonly token: string }>();
  return (
    <>
      {token === undefined ? (
        <div>
          <button type="button" onClick={() => setOpen(true)}>
            Make an API token
          </button>
        </div>
      ) : (
        <div class="card admin-section">
          <h3>The API token {token.name}</h3>
          <CopiedLine text={token.token} what="the API token" />
          <p class="quiet">
            It is shown only here and now. Keep it in a file that only its program may read; telemetryctl takes it from{' '}
            <code>TELEMETRY_API_TOKEN_FILE</code>.
          </p>
          <div class="admin-buttons">
            <button type="button" onClick={() => setToken(undefined)}>
              Done
            </button>
          </div>
        </div>
      )}
      {open && (
        <ApiTokenDialog
          onMade={(made) => {
            setToken(made);
            onMade();
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

function ApiTokenDialog({
  onMade,
  onClose,
}: {
  readonly onMade: (token: ApiTokenView & { readonly token: string }) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const form = useForm({
    check: (typed): Record<string, string> =>
      typed('name').trim() === '' ? { name: 'Say what it is for, such as the name of the program.' } : {},
    act: async (typed) => {
      const expires = typed('expires');
      onMade(
        await hub.newApiToken({
          name: typed('name').trim(),
          scope: scopeOf(typed('scope')),
          expires_seconds: expires === '' ? null : Number(expires),
        }),
      );
    },
    fieldOf: ({ message }) => (message.includes('the name of an API token') ? 'name' : undefined),
    onDone: onClose,
  });
  return (
    <Dialog title="Make an API token" busy={form.busy} onClose={onClose}>
      <form class="admin-form" noValidate onSubmit={form.onSubmit}>
        <Field name="name" label="Name" hint="What it is for; 1 to 64 characters." fault={form.faults['name']}>
          {(attributes) => <input {...attributes} maxLength={64} autocomplete="off" />}
        </Field>
        <ScopeField />
        <Field name="expires" label="How long it holds" fault={undefined}>
          {(attributes) => (
            <select {...attributes}>
              {spans.map(({ seconds, words }) => (
                <option key={seconds} value={seconds} selected={words === '90 days'}>
                  {words}
                </option>
              ))}
            </select>
          )}
        </Field>
        <FormEnd form={form} verb="Make it" onCancel={onClose} />
      </form>
    </Dialog>
  );
}
