import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { JoinTokenRecord } from '../core/machine.ts';
import type { JoinTokens, JoinTokenView } from './contract.ts';
import { KeptRecords } from './kept-records.ts';

/** Tokens that are kept, those that have ended among them. */
export const tokensMax = 1_000;
const idLength = 8;

export interface JoinTokenBookOptions {
  readonly clock: Clock;
  readonly report: Log;
  /** 24 random bytes, base64url. */
  readonly randomJoinToken: () => string;
  /** Of a text as UTF-8, base64url without padding. */
  readonly sha256: (text: string) => string;
  /** Stores what has changed; whether it could. */
  readonly commit: () => Promise<boolean>;
}

type Outcome<Method extends keyof JoinTokens> = ReturnType<JoinTokens[Method]>;

/** The tokens by which new machines join. Of a token only its hash is known, and by that it is looked up. */
export class JoinTokenBook implements JoinTokens {
  readonly records = new KeptRecords<JoinTokenRecord>((before, after) => {
    if (before !== undefined) this.#byHash.delete(before.hash);
    if (after !== undefined) this.#byHash.set(after.hash, after);
  });
  readonly #byHash = new Map<string, JoinTokenRecord>();
  readonly #options: JoinTokenBookOptions;

  constructor(options: JoinTokenBookOptions) {
    this.#options = options;
  }

  restore(tokens: readonly JoinTokenRecord[]): void {
    for (const token of tokens) this.records.restore(token.id, token);
  }

  /** The record of the token with this text, whatever became of it. */
  find(text: string): JoinTokenRecord | undefined {
    return this.#byHash.get(this.#options.sha256(text));
  }

  isValid(token: JoinTokenRecord): boolean {
    return this.#stateOf(token) === 'valid';
  }

  /** It lets a machine in, as soon as the next commit is through; where that fails, it has not. */
  use(token: JoinTokenRecord): void {
    this.records.put(token.id, { ...token, uses: token.uses + 1 });
  }

  /** It lets nobody in any more. */
  spoil(token: JoinTokenRecord): void {
    this.records.put(token.id, { ...token, revoked: true });
  }

  tokens(): readonly JoinTokenView[] {
    return [...this.records.values()].toSorted((a, b) => b.createdMs - a.createdMs).map((token) => this.#viewOf(token));
  }

  async newToken({ usesMax, expiresMs }: Parameters<JoinTokens['newToken']>[0]): Outcome<'newToken'> {
    const { clock, randomJoinToken, sha256, commit, report } = this.#options;
    if (this.records.size >= tokensMax && !this.#dropOldest()) {
      const reason = `there are ${tokensMax} join tokens that still let machines in; revoke some of them`;
      return { type: 'too-many', reason };
    }
    let token = randomJoinToken();
    // One in 2^48 is called like another one.
    while (this.records.get(sha256(token).slice(0, idLength)) !== undefined) token = randomJoinToken();
    const hash = sha256(token);
    const [id, createdMs] = [hash.slice(0, idLength), clock.wallMs()];
    const record: JoinTokenRecord = { id, hash, usesMax, uses: 0, createdMs, expiresMs, revoked: false };
    this.records.put(id, record);
    if (!(await commit())) return { type: 'store-unavailable' };
    const view = this.#viewOf(record);
    report('info', 'join-token-made', { token: id, uses_max: usesMax, expires: view.expires });
    return { type: 'made', token, view };
  }

  async revokeToken(id: string): Outcome<'revokeToken'> {
    const token = this.records.get(id);
    if (token === undefined) return { type: 'no-such-token' };
    if (!token.revoked) {
      this.spoil(token);
      if (!(await this.#options.commit())) return { type: 'store-unavailable' };
      this.#options.report('info', 'join-token-revoked', { token: id, reason: 'an operator revoked it' });
    }
    return { type: 'done', view: this.#viewOf(this.records.get(id) ?? token) };
  }

  /** Lets go of the oldest that lets nobody in any more; false where all do. */
  #dropOldest(): boolean {
    const [oldest] = [...this.records.values()]
      .filter((token) => !this.isValid(token))
      .toSorted((a, b) => a.createdMs - b.createdMs);
    if (oldest === undefined) return false;
    this.records.put(oldest.id, undefined);
    return true;
  }

  #stateOf({ revoked, uses, usesMax, expiresMs }: JoinTokenRecord): JoinTokenView['state'] {
    if (revoked) return 'revoked';
    if (uses >= usesMax) return 'used';
    return this.#options.clock.wallMs() >= expiresMs ? 'expired' : 'valid';
  }

  #viewOf(token: JoinTokenRecord): JoinTokenView {
    const { id, uses, usesMax, createdMs, expiresMs } = token;
    const [created, expires] = [createdMs, expiresMs].map((ms) => new Date(ms).toISOString());
    return { id, state: this.#stateOf(token), uses, uses_max: usesMax, created: created ?? '', expires: expires ?? '' };
  }
}
