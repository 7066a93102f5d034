import type { JSX } from 'preact';
import type { Scope } from '../../../src/api/contract.ts';
import { who } from '../shell/who.ts';

/** Says which scope something needs, to who has it not. `what`: `Approving machines`. */
export function ScopeNote({ what, scope }: { readonly what: string; readonly scope: Scope }): JSX.Element {
  const now = who.value;
  const have = now.name === 'known' ? ` ${now.session.name} has ${now.session.scope}.` : '';
  return (
    <p class="quiet">
      {what} needs the scope <strong>{scope}</strong>.{have}
    </p>
  );
}
