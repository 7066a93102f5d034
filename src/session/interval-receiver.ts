import { limits } from '../core/limits.ts';
import type { ClientSessionOptions, IgnoredUpdate } from './client-contract.ts';
import { parseUpdate } from './interval-update.ts';
import type { Grant } from './registration.ts';

/** What became of one `!UPDT`: an interval to apply, a revision to confirm, or a reason to do neither. */
export interface Reception {
  readonly apply?: { readonly seconds: number; readonly rev: number };
  readonly confirm?: number;
  readonly ignored?: IgnoredUpdate;
}

/** The client's end of interval changes by a v2 server (protocol 5). */
export class IntervalReceiver {
  readonly #tag: ClientSessionOptions['tag'];
  #clientId = '';
  #token = '';
  #rev = 0;
  #earlier: { readonly clientId: string; readonly token: string } | undefined;
  /** When each revision was last confirmed, oldest first. */
  readonly #confirmedMs = new Map<number, number>();

  constructor(tag: ClientSessionOptions['tag']) {
    this.#tag = tag;
  }

  /** `!SUCC` sets the revision, whatever it was. */
  registered(grant: Grant): void {
    if (this.#token !== '') this.#earlier = { clientId: this.#clientId, token: this.#token };
    this.#clientId = grant.clientId;
    this.#token = grant.token;
    this.#rev = grant.rev;
    this.#confirmedMs.clear();
  }

  receive(data: string, nowMs: number): Reception {
    const update = parseUpdate(data, this.#clientId);
    if (update === undefined) return { ignored: 'malformed' };
    if (this.#tag(this.#token, update.signedText) !== update.tag)
      return { ignored: this.#isStale(data) ? 'stale' : 'forged' };
    const { rev, seconds } = update;
    const reception: Reception = this.#mayConfirm(rev, nowMs) ? { confirm: rev } : {};
    if (rev <= this.#rev) return reception;
    this.#rev = rev;
    return { ...reception, apply: { seconds, rev } };
  }

  #isStale(data: string): boolean {
    if (this.#earlier === undefined) return false;
    const update = parseUpdate(data, this.#earlier.clientId);
    return update !== undefined && this.#tag(this.#earlier.token, update.signedText) === update.tag;
  }

  /** One revision at most once a second: a datagram that comes doubled, or by two ways, is one. */
  #mayConfirm(rev: number, nowMs: number): boolean {
    const lastMs = this.#confirmedMs.get(rev);
    if (lastMs !== undefined && nowMs - lastMs < limits.confirmMsMin) return false;
    this.#confirmedMs.delete(rev);
    this.#confirmedMs.set(rev, nowMs);
    for (const oldest of this.#confirmedMs.keys()) {
      if (this.#confirmedMs.size <= limits.revisionsKeptMax) break;
      this.#confirmedMs.delete(oldest);
    }
    return true;
  }
}
