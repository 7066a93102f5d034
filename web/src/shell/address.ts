import { computed, signal, type ReadonlySignal } from '@preact/signals';

/** What the address bar says after `#`: the view, so that a link shares it. It works in a file as well. */
export interface Address {
  /** `['units', 'Yw1l…']` of `#/units/Yw1l…?range=6h`; empty: the fleet. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

export const address: ReadonlySignal<Address> = computed(() => addressOf(hash.value));

export function addressOf(text: string): Address {
  const [path = '', query = ''] = text.replace(/^#\/?/, '').split('?', 2);
  const words = path.split('/').filter((word) => word !== '');
  return { path: words.map(decoded), query: new URLSearchParams(query) };
}

/** Members that are empty or undefined are left out. */
export function hrefOf(path: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  const search = new URLSearchParams(given).toString();
  return `#/${path.map((word) => encodeURIComponent(word)).join('/')}${search === '' ? '' : `?${search}`}`;
}

/** `replace`: Back does not come by here again, as for what somebody types or drags. */
export function go(href: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  hash.value = href;
}

/** Changes some members of the query and keeps the rest; empty or undefined takes one out. */
export function goQuery(changes: Readonly<Record<string, string | undefined>>): void {
  const { path, query } = address.value;
  go(hrefOf(path, { ...Object.fromEntries(query), ...changes }), { replace: true });
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    // Somebody has cut the link in the midst of a character.
    return word;
  }
}
