import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

/** What ties an input to its label, its hint and its error. */
export interface FieldAttributes {
  readonly id: string;
  readonly name: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

interface FieldProps {
  /** What the form calls it. */
  readonly name: string;
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly fault: string | undefined;
  readonly children: (attributes: FieldAttributes) => JSX.Element;
}

/** An input with its label above, and what is wrong with it beside it. */
export function Field({ name, label, hint, fault, children }: FieldProps): JSX.Element {
  const id = useId();
  const [hintId, faultId] = [`${id}-hint`, `${id}-fault`];
  const described = [hint !== undefined && hintId, fault !== undefined && faultId].filter((text) => text !== false);
  return (
    <div class="admin-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        name,
        'aria-describedby': described.length === 0 ? undefined : described.join(' '),
        'aria-invalid': fault !== undefined,
      })}
      {hint !== undefined && (
        <p id={hintId} class="admin-hint">
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p id={faultId} class="admin-fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
