import { signal } from '@preact/signals';
import type { Scope, SessionView } from '../../../src/api/contract.ts';

/** Who looks at the page. `unknown` until the server has said; `stranger`: it wants a login first. */
export type Who =
  | { readonly name: 'unknown' }
  | { readonly name: 'stranger' }
  | { readonly name: 'known'; readonly session: SessionView };

export const who = signal<Who>({ name: 'unknown' });

const order: readonly Scope[] = ['read', 'operate', 'admin'];

/** Whether whoever looks may do what needs `scope`. Only shows or hides: the server decides. */
export function may(scope: Scope): boolean {
  const now = who.value;
  return now.name === 'known' && order.indexOf(now.session.scope) >= order.indexOf(scope);
}
