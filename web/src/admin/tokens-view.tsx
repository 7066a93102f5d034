import type { JSX } from 'preact';
import { may } from '../shell/who.ts';
import './admin.css';
import { ApiTokens } from './api-tokens.tsx';
import { JoinTokens } from './join-tokens.tsx';
import { ScopeNote } from './scope-note.tsx';

/** What lets machines in, and what programs say who they are by. */
export function TokensView(): JSX.Element {
  return (
    <section class="admin-view">
      <h1 class="admin-title" tabIndex={-1}>
        Tokens
      </h1>
      <JoinTokens />
      {may('admin') ? <ApiTokens /> : <ScopeNote what="To see and make API tokens" scope="admin" />}
    </section>
  );
}
