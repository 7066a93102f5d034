import type {
  AccountView,
  ApiTokenView,
  AuditLine,
  FleetSnapshot,
  GapView,
  IntervalsOutcome,
  JoinTokenView,
  MachineView,
  ReadingView,
  Scope,
  ServerReport,
  SessionView,
  SettingView,
  StepView,
  Tags,
  Trails,
  UnitEventView,
  UnitView,
} from './contract.ts';
import { HubCalls, type HubClientOptions } from './hub-calls.ts';
import { HubProblem } from './hub-problem.ts';

/** A span of time: RFC 3339, or milliseconds since 1970. `from` belongs to it, `to` does not. */
export interface Span {
  readonly from?: string | number;
  readonly to?: string | number;
}

export interface HistoryQuery extends Span {
  readonly sensor?: string;
  readonly id?: string;
}

/** Makes a join token: for how many machines, and for how long. */
export interface JoinTokenWish {
  readonly uses: number;
  readonly expires_seconds: number;
}

export type NewJoinToken = JoinTokenView & {
  /** Shown this once. */
  readonly token: string;
  readonly place: { readonly port: number; readonly fingerprint: string } | null;
};

/**
 * The HTTP API of a telemetry-server (docs/api.md), for browsers and Node.js. Each call rejects with a `HubProblem` where the server refuses it, and with what `fetch` rejects with where
 * nobody answers. Nothing is tried twice.
 */
export class HubClient {
  readonly #calls: HubCalls;

  constructor(options: HubClientOptions) {
    this.#calls = new HubCalls(options);
  }

  /** All units, by name. */
  units(signal?: AbortSignal): Promise<readonly UnitView[]> {
    return this.#calls.json('/units', { signal });
  }

  unit(clientId: string, signal?: AbortSignal): Promise<UnitView> {
    return this.#calls.json(`/units/${encodeURIComponent(clientId)}`, { signal });
  }

  fleet(signal?: AbortSignal): Promise<FleetSnapshot> {
    return this.#calls.json('/fleet', { signal });
  }

  /** Where the fleet's stream of server-sent events is: for an EventSource, which asks for nothing else. */
  streamUrl(query: { readonly unit?: string } = {}): string {
    return this.#calls.urlOf('/fleet/stream', query);
  }

  /** At most 64 units. */
  trails(clientIds: readonly string[], signal?: AbortSignal): Promise<Trails> {
    return this.#calls.json('/fleet/trails', { query: { units: clientIds.join(',') }, signal });
  }

  /** `seconds` is 0.1 to 86,400 and a multiple of 0.001. The unit shows it as wanted; it is confirmed later. */
  setInterval(clientId: string, seconds: number): Promise<UnitView> {
    return this.#calls.json(`/units/${encodeURIComponent(clientId)}/interval`, { method: 'PUT', body: { seconds } });
  }

  setIntervals(clientIds: readonly string[] | 'all', seconds: number): Promise<IntervalsOutcome> {
    return this.#calls.json('/intervals', { method: 'PUT', body: { units: clientIds, seconds } });
  }

  /** In place of those that it had. */
  setTags(clientId: string, tags: Tags): Promise<UnitView> {
    return this.#calls.json(`/units/${encodeURIComponent(clientId)}/tags`, { method: 'PUT', body: { tags } });
  }

  /** Every reading of the unit in that time, oldest first. */
  readings(clientId: string, query: HistoryQuery = {}, signal?: AbortSignal): Promise<readonly ReadingView[]> {
    return this.#calls.json(`/units/${encodeURIComponent(clientId)}/readings`, { query: { ...query }, signal });
  }

  /** Its history in steps: `step` is `30s`, `1m`, `2h`, or a number of seconds. Series after series, each oldest first. */
  history(
    clientId: string,
    query: HistoryQuery & { readonly step: string },
    signal?: AbortSignal,
  ): Promise<readonly StepView[]> {
    return this.#calls.json(`/units/${encodeURIComponent(clientId)}/readings`, { query: { ...query }, signal });
  }

  /** Why readings are missing. */
  gaps(clientId: string, span: Span = {}, signal?: AbortSignal): Promise<readonly GapView[]> {
    return this.#calls.json(`/units/${encodeURIComponent(clientId)}/gaps`, { query: { ...span }, signal });
  }

  events(clientId: string, span: Span = {}, signal?: AbortSignal): Promise<readonly UnitEventView[]> {
    return this.#calls.json(`/units/${encodeURIComponent(clientId)}/events`, { query: { ...span }, signal });
  }

  /** The server's figures. */
  server(signal?: AbortSignal): Promise<ServerReport> {
    return this.#calls.json('/server', { signal });
  }

  settings(): Promise<readonly SettingView[]> {
    return this.#calls.json('/settings');
  }

  /** Who this client is to the server. */
  session(): Promise<SessionView> {
    return this.#calls.json('/session');
  }

  /** Of a browser: the cookie comes with the answer. */
  logIn(name: string, password: string): Promise<void> {
    return this.#calls.nothing('/session', { method: 'POST', body: { name, password } });
  }

  logOut(): Promise<void> {
    return this.#calls.nothing('/session', { method: 'DELETE' });
  }

  machines(): Promise<readonly MachineView[]> {
    return this.#calls.json('/machines');
  }

  changeMachine(clientId: string, change: 'approve' | 'revoke' | 'forget'): Promise<MachineView> {
    return this.#calls.json(`/machines/${encodeURIComponent(clientId)}/${change}`, { method: 'POST' });
  }

  renameMachine(clientId: string, name: string): Promise<MachineView> {
    return this.#calls.json(`/machines/${encodeURIComponent(clientId)}/name`, { method: 'PUT', body: { name } });
  }

  joinTokens(): Promise<readonly JoinTokenView[]> {
    return this.#calls.json('/join-tokens');
  }

  newJoinToken(wish: JoinTokenWish): Promise<NewJoinToken> {
    return this.#calls.json('/join-tokens', { method: 'POST', body: wish });
  }

  revokeJoinToken(id: string): Promise<JoinTokenView> {
    return this.#calls.json(`/join-tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }

  /** The newest lines of the audit log, oldest first; `count` is at most 1,000. */
  audit(count: number): Promise<readonly AuditLine[]> {
    return this.#calls.json('/audit', { query: { count } });
  }

  accounts(): Promise<readonly AccountView[]> {
    return this.#calls.json('/accounts');
  }

  addAccount(account: {
    readonly name: string;
    readonly password: string;
    readonly scope: Scope;
  }): Promise<AccountView> {
    return this.#calls.json('/accounts', { method: 'POST', body: account });
  }

  removeAccount(name: string): Promise<void> {
    return this.#calls.nothing(`/accounts/${encodeURIComponent(name)}`, { method: 'DELETE' });
  }

  setScope(name: string, scope: Scope): Promise<AccountView> {
    return this.#calls.json(`/accounts/${encodeURIComponent(name)}/scope`, { method: 'PUT', body: { scope } });
  }

  /** One's own; it ends all sessions of the account. */
  changePassword(wish: { readonly current: string; readonly password: string }): Promise<void> {
    return this.#calls.nothing('/session/password', { method: 'PUT', body: wish });
  }

  apiTokens(): Promise<readonly ApiTokenView[]> {
    return this.#calls.json('/api-tokens');
  }

  /** `expires_seconds` null: never. The token is shown this once. */
  newApiToken(wish: {
    readonly name: string;
    readonly scope: Scope;
    readonly expires_seconds: number | null;
  }): Promise<ApiTokenView & { readonly token: string }> {
    return this.#calls.json('/api-tokens', { method: 'POST', body: wish });
  }

  removeApiToken(id: string): Promise<void> {
    return this.#calls.nothing(`/api-tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });
  }
}

export { HubProblem };
export type { Fetch, HubClientOptions } from './hub-calls.ts';
export type * from './contract.ts';
