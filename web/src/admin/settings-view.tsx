import type { JSX } from 'preact';
import { unreachable } from '../../../src/core/assert.ts';
import { may, who } from '../shell/who.ts';
import { Accounts } from './accounts.tsx';
import './admin.css';
import { OwnPassword } from './own-password.tsx';
import { ScopeNote } from './scope-note.tsx';
import { SettingsInForce } from './settings-in-force.tsx';

/** One's own password, who may log in, and what the server runs with. */
export function SettingsView(): JSX.Element {
  const now = who.value;
  return (
    <section class="admin-view">
      <h1 class="admin-title" tabIndex={-1}>
        Settings
      </h1>
      {now.name === 'known' && <You how={now.session.how} name={now.session.name} />}
      {may('admin') ? (
        <>
          <Accounts />
          <SettingsInForce />
        </>
      ) : (
        <ScopeNote what="To see accounts and the settings in force" scope="admin" />
      )}
    </section>
  );
}

function You({ how, name }: { readonly how: 'local' | 'token' | 'session'; readonly name: string }): JSX.Element {
  switch (how) {
    case 'session':
      return <OwnPassword name={name} />;
    case 'local':
      return (
        <p class="notice">
          You come from the server's own machine: no account is needed there, and everything is allowed.
        </p>
      );
    case 'token':
      return <p class="notice">You are here by the API token {name}, which has no password.</p>;
    default:
      return unreachable(how);
  }
}
