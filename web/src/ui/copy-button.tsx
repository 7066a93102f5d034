import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

type Copied = 'no' | 'yes' | 'by-hand';

/** Copies a text. Where the page may not, because it came without TLS, it marks the text, so that one key press copies it. `of`: the id of the element that shows it. */
export function CopyButton({
  text,
  what,
  of,
}: {
  readonly text: string;
  readonly what: string;
  readonly of: string;
}): JSX.Element {
  const [copied, setCopied] = useState<Copied>('no');
  const copy = async (): Promise<void> => {
    const done = await toClipboard(text);
    if (!done) mark(of);
    setCopied(done ? 'yes' : 'by-hand');
  };
  return (
    <span class="copy-button">
      <button
        type="button"
        aria-label={`${copied === 'yes' ? 'Copied' : 'Copy'} ${what}`}
        onClick={() => void copy()}
        onBlur={() => setCopied('no')}
      >
        {copied === 'yes' ? 'Copied' : 'Copy'}
      </button>
      <span role="status" class={copied === 'by-hand' ? 'quiet' : 'visually-hidden'}>
        {copied === 'yes' && `Copied ${what}.`}
        {copied === 'by-hand' && 'Marked: copy it with Ctrl+C, or ⌘C.'}
      </span>
    </span>
  );
}

async function toClipboard(text: string): Promise<boolean> {
  if (!isSecureContext) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The reader has not allowed it: marking the text is left.
    return false;
  }
}

function mark(id: string): void {
  const shown = document.querySelector(`#${CSS.escape(id)}`);
  if (shown !== null) getSelection()?.selectAllChildren(shown);
}
