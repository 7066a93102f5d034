/** What a request may do; each includes those before it. `read`: look. `operate`: change intervals. `admin`: say who may do what. */
export type Scope = 'read' | 'operate' | 'admin';

/** An account as it is shown: without its password. Times are RFC 3339, UTC. */
export interface AccountView {
  readonly name: string;
  readonly scope: Scope;
  readonly created: string;
  readonly password_changed: string;
}

/** An API token as it is shown, which is without the token. */
export interface ApiTokenView {
  /** How people call it: the first 8 characters of the SHA-256 of the token. */
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly created: string;
  /** Null: never. */
  readonly expires: string | null;
}

/** Who a password or a token belongs to. */
export interface Holder {
  /** The account's name, or `token:` and the token's id. */
  readonly name: string;
  readonly scope: Scope;
  /** Changes with the password: a session that began under another one has ended. */
  readonly generation: number;
}

/** Who asks for a change, for the audit log: a holder's name or `local:` and the system's user, and the address or `console` that it comes from. */
export interface Actor {
  readonly who: string;
  readonly from: string;
}

/** One line of the audit log: what was asked, before it is done; `refused` is a line of its own that names the line of the request. */
export interface AuditEntry extends Actor {
  /** Such as `interval-set`, `machine-approved`, `account-added`: a name of docs/security.md. */
  readonly action: string;
  /** What it is done to; empty where there is nothing to name. */
  readonly target: string;
  /** What else is to be known, without secrets. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** An audit line as it is kept: `hash` is the SHA-256, base64url, over the line before and this one. */
export interface AuditLine extends AuditEntry {
  readonly number: number;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly hash: string;
}

/** Whether the audit log is as it was written. `faults` are sentences, at most 20. `head` is the hash of its last line: who has noted it elsewhere can tell whether the whole log was written anew. */
export interface AuditState {
  readonly lines: number;
  readonly head: string;
  readonly faults: readonly string[];
}

/** The accounts, API tokens and audit log of one server, below its data folder: the server and telemetryctl may have it open at once. Every change is one transaction with its audit line. Throws CodedError `access-failed` where the files cannot be read or written. */
export interface Access {
  readonly accounts: readonly AccountView[];
  readonly apiTokens: readonly ApiTokenView[];
  /** The holder as it is now; undefined where the account is gone. */
  account(name: string): Holder | undefined;
  /** Takes as long for an account that there is not. */
  byPassword(name: string, password: string): Promise<Holder | undefined>;
  /** Undefined where it is unknown or has expired. */
  byApiToken(token: string, nowMs: number): Holder | undefined;
  /** Throws CodedError `account-exists`, `bad-account` (name, or password too short). */
  addAccount(
    account: { readonly name: string; readonly password: string; readonly scope: Scope },
    by: Actor,
  ): Promise<void>;
  /** Ends its sessions. Throws CodedError `no-such-account`, `bad-account`. */
  setPassword(name: string, password: string, by: Actor): Promise<void>;
  setScope(name: string, scope: Scope, by: Actor): void;
  removeAccount(name: string, by: Actor): void;
  /** The token is shown this once. */
  addApiToken(
    token: { readonly name: string; readonly scope: Scope; readonly expiresMs: number | undefined },
    by: Actor,
  ): { readonly token: string; readonly view: ApiTokenView };
  /** Throws CodedError `no-such-api-token`. */
  removeApiToken(id: string, by: Actor): void;
  /** Keeps a line, synced, and answers its number. */
  record(entry: AuditEntry): number;
  /** The newest `count` lines, oldest first. */
  audit(count: number): readonly AuditLine[];
  verifyAudit(): AuditState;
  close(): void;
}
