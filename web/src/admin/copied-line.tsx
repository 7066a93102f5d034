import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { CopyButton } from '../ui/copy-button.tsx';

/** A line to paste elsewhere, with the button that copies it. `what`: `the join line`. */
export function CopiedLine({ text, what }: { readonly text: string; readonly what: string }): JSX.Element {
  const id = useId();
  return (
    <div class="admin-copied">
      <code id={id} class="admin-line">
        {text}
      </code>
      <CopyButton text={text} what={what} of={id} />
    </div>
  );
}
