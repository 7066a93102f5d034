import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { filterBy, wish } from './fleet-state.ts';

/** Each letter would be a step of sorting, and an entry that browsers count. */
const typedMs = 150;

/** Where one types what to look for. `/` comes here from anywhere, Escape empties it. */
export function FilterBox(): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const { filter } = wish.value;
  // Keys come before what waits for the next picture: the box hears them as soon as it is there.
  useLayoutEffect(() => {
    const slash = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog');
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping !== null) return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    document.addEventListener('keydown', slash);
    return () => document.removeEventListener('keydown', slash);
  }, []);
  // What is typed stays as it is typed, the next letter too; what comes from elsewhere, such as a tag or Back, is put in.
  useLayoutEffect(() => {
    clearTimeout(timer.current);
    if (box.current !== null && box.current.value.trim() !== filter) box.current.value = filter;
  }, [filter]);
  const typed = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => filterBy(box.current?.value.trim() ?? ''), typedMs);
  };
  return (
    <div class="fleet-filter">
      <input
        ref={box}
        type="search"
        aria-label="Filter by name, address, id, tag or state"
        aria-keyshortcuts="/"
        placeholder="Filter: name, address, site=berlin, state:lost"
        title="Several words must all match. Press / to come here."
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        defaultValue={filter}
        onInput={typed}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (event.currentTarget.value === '') event.currentTarget.blur();
          event.currentTarget.value = '';
          typed();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}
