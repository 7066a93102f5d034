import { AccessDatabase } from './access-database.ts';
import {
  accountViews,
  checkAccountName,
  expectAccount,
  findAccount,
  insertAccount,
  type KeptAccount,
} from './accounts.ts';
import { checkTokenName, deleteToken, drawToken, findHolder, insertToken, tokenViews } from './api-tokens.ts';
import { newestLines, verifyLines } from './audit-log.ts';
import type {
  Access,
  AccountView,
  Actor,
  ApiTokenView,
  AuditEntry,
  AuditLine,
  AuditState,
  Holder,
  Scope,
} from './contract.ts';
import { checkNothing, checkPassword, hashPassword, isPassword, passwordCost, type PasswordCost } from './passwords.ts';
import { Turns } from './turns.ts';

export interface AccessOptions {
  /** Milliseconds since 1970; for tests: another clock. */
  readonly wallMs?: () => number;
  /** For tests: less work. */
  readonly cost?: PasswordCost;
}

/** Two passwords are checked or set at a time: each takes 32 MiB, and one of the four threads that reading and writing files have. */
const passwordsAtATime = 2;

/** What is kept below the server's data folder, in `access.db`. Nothing is opened before it is needed, and nothing made before the first change. */
export function openAccess(folder: string, options: AccessOptions = {}): Access {
  return new AccessOnDisk(folder, options);
}

class AccessOnDisk implements Access {
  readonly #database: AccessDatabase;
  readonly #wallMs: () => number;
  readonly #cost: PasswordCost;
  readonly #turns = new Turns(passwordsAtATime);

  constructor(folder: string, { wallMs = Date.now, cost = passwordCost }: AccessOptions) {
    this.#database = new AccessDatabase(folder, wallMs);
    this.#wallMs = wallMs;
    this.#cost = cost;
  }

  get accounts(): readonly AccountView[] {
    return this.#database.read(accountViews, []);
  }

  get apiTokens(): readonly ApiTokenView[] {
    return this.#database.read(tokenViews, []);
  }

  account(name: string): Holder | undefined {
    return this.#find(name)?.holder;
  }

  async byPassword(name: string, password: string): Promise<Holder | undefined> {
    return this.#turns.take(async () => {
      const found = this.#find(name);
      if (found === undefined) {
        await checkNothing(password, this.#cost);
        return undefined;
      }
      return (await isPassword(password, found.password)) ? found.holder : undefined;
    });
  }

  byApiToken(token: string, nowMs: number): Holder | undefined {
    return this.#database.read((database) => findHolder(database, token, nowMs), undefined);
  }

  async addAccount(
    { name, password, scope }: { readonly name: string; readonly password: string; readonly scope: Scope },
    by: Actor,
  ): Promise<void> {
    checkAccountName(name);
    checkPassword(password, name);
    const kept = await this.#turns.take(() => hashPassword(password, this.#cost));
    this.#change(by, { action: 'account-added', target: name, details: { scope } }, (database, line) =>
      insertAccount(database, { name, scope, password: kept }, { time: this.#time, generation: line }),
    );
  }

  async setPassword(name: string, password: string, by: Actor): Promise<void> {
    checkPassword(password, name);
    const kept = await this.#turns.take(() => hashPassword(password, this.#cost));
    this.#change(by, { action: 'password-changed', target: name, details: {} }, (database, line) => {
      const { holder } = expectAccount(database, name);
      database
        .prepare('UPDATE account SET password = ?, password_changed = ?, generation = ? WHERE name = ?')
        .run(kept, this.#time, line, holder.name);
    });
  }

  setScope(name: string, scope: Scope, by: Actor): void {
    this.#change(by, { action: 'scope-changed', target: name, details: { scope } }, (database, line) => {
      const { holder } = expectAccount(database, name);
      database.prepare('UPDATE account SET scope = ?, generation = ? WHERE name = ?').run(scope, line, holder.name);
    });
  }

  removeAccount(name: string, by: Actor): void {
    this.#change(by, { action: 'account-removed', target: name, details: {} }, (database) => {
      const { holder } = expectAccount(database, name);
      database.prepare('DELETE FROM account WHERE name = ?').run(holder.name);
    });
  }

  addApiToken(
    {
      name,
      scope,
      expiresMs,
    }: { readonly name: string; readonly scope: Scope; readonly expiresMs: number | undefined },
    by: Actor,
  ): { readonly token: string; readonly view: ApiTokenView } {
    checkTokenName(name);
    const drawn = drawToken();
    const expires = expiresMs === undefined ? null : new Date(expiresMs).toISOString();
    const view = { id: drawn.id, name, scope, created: this.#time, expires };
    this.#change(by, { action: 'api-token-added', target: drawn.id, details: { name, scope, expires } }, (database) =>
      insertToken(database, drawn, view),
    );
    return { token: drawn.token, view };
  }

  removeApiToken(id: string, by: Actor): void {
    this.#change(by, { action: 'api-token-removed', target: id, details: {} }, (database) => deleteToken(database, id));
  }

  record(entry: AuditEntry): number {
    return this.#database.change(entry);
  }

  audit(count: number): readonly AuditLine[] {
    return this.#database.read((database) => newestLines(database, count), []);
  }

  verifyAudit(): AuditState {
    return this.#database.read(verifyLines, { lines: 0, head: '', faults: [] });
  }

  close(): void {
    this.#database.close();
  }

  get #time(): string {
    return new Date(this.#wallMs()).toISOString();
  }

  #find(name: string): KeptAccount | undefined {
    return this.#database.read((database) => findAccount(database, name), undefined);
  }

  #change(by: Actor, what: Omit<AuditEntry, keyof Actor>, work: Parameters<AccessDatabase['change']>[1]): void {
    this.#database.change({ who: by.who, from: by.from, ...what }, work);
  }
}
