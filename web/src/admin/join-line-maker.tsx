import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { hub } from '../hub.ts';
import './admin.css';
import { Field } from './field.tsx';
import { FormEnd } from './form-end.tsx';
import { made, MadeLine } from './made-line.tsx';
import { useForm } from './use-form.ts';

/** For whom may('admin'): makes a join line, and shows it until somebody is done with it. `onMade`: the server has another token. */
export function JoinLineMaker({ onMade }: { readonly onMade?: () => void }): JSX.Element {
  const [open, setOpen] = useState(false);
  if (made.value !== undefined) return <MadeLine token={made.value} />;
  if (open) return <JoinForm onMade={onMade} onClose={() => setOpen(false)} />;
  return (
    <div>
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        Make a join line
      </button>
    </div>
  );
}

const usesMax = 10_000;
const spans = [
  { seconds: 3_600, words: '1 hour' },
  { seconds: 86_400, words: '1 day' },
  { seconds: 604_800, words: '7 days' },
  { seconds: 2_592_000, words: '30 days' },
] as const;

function JoinForm({
  onMade,
  onClose,
}: {
  readonly onMade: (() => void) | undefined;
  readonly onClose: () => void;
}): JSX.Element {
  const form = useForm({
    check: (typed) => {
      const uses = Number(typed('uses'));
      return Number.isInteger(uses) && uses >= 1 && uses <= usesMax ? {} : { uses: 'A whole number from 1 to 10,000.' };
    },
    act: async (typed) => {
      made.value = await hub.newJoinToken({
        uses: Number(typed('uses')),
        expires_seconds: Number(typed('expires')),
      });
    },
    onDone: () => {
      onMade?.();
      onClose();
    },
  });
  return (
    <form class="card admin-form" noValidate onSubmit={form.onSubmit} aria-label="Make a join line">
      <Field
        name="uses"
        label="How many machines it lets in"
        hint="One for each machine is safest."
        fault={form.faults['uses']}
      >
        {(attributes) => (
          <input {...attributes} type="number" min={1} max={usesMax} step={1} defaultValue="1" autofocus />
        )}
      </Field>
      <Field name="expires" label="How long it holds" fault={undefined}>
        {(attributes) => (
          <select {...attributes}>
            {spans.map(({ seconds, words }) => (
              <option key={seconds} value={seconds}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
      <FormEnd form={form} verb="Make it" onCancel={onClose} />
    </form>
  );
}
