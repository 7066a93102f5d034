import type { JSX } from 'preact';
import type { Form } from './use-form.ts';

/** The end of a form: why it was refused, and its buttons. */
export function FormEnd({
  form: { busy, refusal },
  verb,
  onCancel,
}: {
  readonly form: Pick<Form, 'busy' | 'refusal'>;
  readonly verb: string;
  readonly onCancel?: () => void;
}): JSX.Element {
  return (
    <>
      {refusal !== undefined && (
        <p class="notice bad" role="alert">
          {refusal}
        </p>
      )}
      <div class="admin-buttons">
        {onCancel !== undefined && (
          <button type="button" disabled={busy} onClick={onCancel}>
            Cancel
          </button>
        )}
        <button type="submit" class="primary" disabled={busy}>
          {busy ? `${verb} …` : verb}
        </button>
      </div>
    </>
  );
}
