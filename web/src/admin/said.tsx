import type { JSX } from 'preact';

/** What was done, told to those who see the page and to those who hear it. The element is there from the start, or a screen reader would not notice. */
export function Said({ words }: { readonly words: string }): JSX.Element {
  return (
    <div role="status" class="admin-said">
      {words !== '' && <p class="notice">{words}</p>}
    </div>
  );
}
