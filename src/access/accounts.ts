import type { DatabaseSync } from 'node:sqlite';
import { CodedError } from '../core/coded-error.ts';
import type { AccountView, Holder, Scope } from './contract.ts';
import { numberIn, scopeIn, textIn, type Row } from './row.ts';

/** More are a mistake of a script. */
const accountsMax = 1_000;
const nameForm = /^[a-z0-9][a-z0-9._@-]{0,63}$/i;
/** Who the audit log calls by these is somebody else. */
const reserved: ReadonlySet<string> = new Set(['local', 'console', 'token']);

/** An account as it is kept. */
export interface KeptAccount {
  readonly holder: Holder;
  /** As `hashPassword` has it. */
  readonly password: string;
}

/** Throws CodedError `bad-account`. */
export function checkAccountName(name: string): void {
  if (nameForm.test(name) && !reserved.has(name.toLowerCase())) return;
  const rule = 'it has 1 to 64 letters, digits, dots, hyphens, underscores or @, begins with a letter or digit';
  throw new CodedError(
    'bad-account',
    `${JSON.stringify(name.slice(0, 80))} cannot be the name of an account: ${rule}, and is none of ${[...reserved].join(', ')}.`,
    { exitCode: 2 },
  );
}

export function accountViews(database: DatabaseSync): readonly AccountView[] {
  const rows = database.prepare('SELECT name, scope, created, password_changed FROM account ORDER BY name').all();
  return rows.map((row) => ({
    name: textIn(row, 'name'),
    scope: scopeIn(row),
    created: textIn(row, 'created'),
    password_changed: textIn(row, 'password_changed'),
  }));
}

/** Names are told apart by more than their capitals. */
export function findAccount(database: DatabaseSync, name: string): KeptAccount | undefined {
  const row = database.prepare('SELECT name, scope, password, generation FROM account WHERE name = ?').get(name);
  return row === undefined ? undefined : keptAccount(row);
}

export function insertAccount(
  database: DatabaseSync,
  { name, scope, password }: { readonly name: string; readonly scope: Scope; readonly password: string },
  at: { readonly time: string; readonly generation: number },
): void {
  const found = findAccount(database, name);
  if (found !== undefined) {
    const what = `There is an account ${found.holder.name} already`;
    throw new CodedError('account-exists', `${what}; choose another name, or change its password or scope.`);
  }
  const row = database.prepare('SELECT count(*) AS count FROM account').get();
  if (Number(row?.['count']) >= accountsMax) {
    throw new CodedError('bad-account', `There are ${accountsMax} accounts; remove one first.`);
  }
  database
    .prepare('INSERT INTO account VALUES (?, ?, ?, ?, ?, ?)')
    .run(name, scope, password, at.time, at.time, at.generation);
}

/** Throws CodedError `no-such-account`. */
export function expectAccount(database: DatabaseSync, name: string): KeptAccount {
  const found = findAccount(database, name);
  if (found !== undefined) return found;
  throw new CodedError('no-such-account', `There is no account ${name}; telemetryctl user list shows those there are.`);
}

function keptAccount(row: Row): KeptAccount {
  const holder = { name: textIn(row, 'name'), scope: scopeIn(row), generation: numberIn(row, 'generation') };
  return { holder, password: textIn(row, 'password') };
}
