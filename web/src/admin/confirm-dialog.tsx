import type { ComponentChildren, JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Deed } from './deed.ts';
import { Dialog } from '../ui/dialog.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  /** What the button says: the act itself. */
  readonly verb: string;
  readonly danger?: boolean;
  readonly act: () => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
  /** What it means, in plain words. */
  readonly children: ComponentChildren;
}

/** Asks before something is done, does it, and shows why where it is refused. */
export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  const { title, verb, danger = false, act, onDone, onClose, children } = props;
  const [deed] = useState(() => new Deed());
  const state = deed.state.value;
  const busy = state.name === 'under-way';
  const button = useRef<HTMLButtonElement>(null);
  const confirm = async (): Promise<void> => {
    if (!(await deed.run(act))) {
      // A button loses the focus when it is disabled.
      requestAnimationFrame(() => button.current?.focus());
      return;
    }
    onDone();
    onClose();
  };
  return (
    <Dialog title={title} busy={busy} onClose={onClose}>
      {children}
      {state.name === 'failed' && (
        <p class="notice bad" role="alert">
          {state.reason}
        </p>
      )}
      <div class="admin-buttons">
        <button type="button" disabled={busy} onClick={onClose}>
          Cancel
        </button>
        <button
          ref={button}
          type="button"
          class={danger ? 'danger' : 'primary'}
          disabled={busy}
          onClick={() => void confirm()}
        >
          {busy ? `${verb} …` : verb}
        </button>
      </div>
    </Dialog>
  );
}
