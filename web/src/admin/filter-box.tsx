import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { count } from '../format/quantities.ts';
import { address, goQuery } from '../shell/address.ts';

/** What the address says the list is filtered by. */
export function filterText(): string {
  return address.value.query.get('filter') ?? '';
}

/** Filters the list below it; the address bar holds the words. */
export function FilterBox({
  label,
  found,
  all,
}: {
  readonly label: string;
  readonly found: number;
  readonly all: number;
}): JSX.Element {
  const id = useId();
  const text = filterText();
  return (
    <div class="admin-filter">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="search"
        value={text}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => goQuery({ filter: event.currentTarget.value })}
      />
      <span class="quiet" role="status">
        {text === '' ? '' : `${count(found)} of ${count(all)}`}
      </span>
    </div>
  );
}
