import { limits } from '../core/limits.ts';

export interface Revision {
  readonly rev: number;
  readonly seconds: number;
}

/** One sending of `!UPDT`, and by which ways. */
export interface Transmission extends Revision {
  readonly udp: boolean;
  readonly tcp: boolean;
}

export interface IntervalSenderOptions {
  readonly v: 1 | 2;
  readonly hearsUdp: boolean;
  /** It has only ever confirmed by way of TCP. */
  readonly tcpOnly: boolean;
}

/** One for all connections that have nothing more to confirm. */
const none: readonly Revision[] = [];

/**
 * Brings one connected unit to the wanted interval (protocol 5): sends at once, after 5 s, then every 10 s, until it is confirmed or
 * replaced; to a v1 unit three times.
 */
export class IntervalSender {
  readonly #v: 1 | 2;
  readonly #hearsUdp: boolean;
  #tcpOnly: boolean;
  /** What is under way, and when it goes out next; a v1 unit that was told as often as it is told is told no more. */
  #wanted: { readonly revision: Revision; readonly dueMs: number | undefined } | undefined;
  #tries = 0;
  /** What was sent and not yet overtaken by a confirmation, oldest first. */
  #sent = none;

  constructor({ v, hearsUdp, tcpOnly }: IntervalSenderOptions) {
    this.#v = v;
    this.#hearsUdp = hearsUdp;
    this.#tcpOnly = tcpOnly;
  }

  get deadlineMs(): number | undefined {
    return this.#wanted?.dueMs;
  }

  /** How often the wanted interval has been sent. */
  get tries(): number {
    return this.#tries;
  }

  get tcpOnly(): boolean {
    return this.#tcpOnly;
  }

  /** Takes up a newer interval, in place of one that is still under way. */
  want(revision: Revision, nowMs: number): Transmission {
    this.#tries = 0;
    this.#sent = [...this.#sent, revision].slice(-limits.revisionsKeptMax);
    return this.#send(revision, nowMs);
  }

  /** The next sending, when it is due. */
  wake(nowMs: number): Transmission | undefined {
    const wanted = this.#wanted;
    if (wanted?.dueMs === undefined || nowMs < wanted.dueMs) return undefined;
    return this.#send(wanted.revision, nowMs);
  }

  /** What `!SUCC` told the unit: a frame of it confirms that. */
  granted(revision: Revision): void {
    this.#sent = [revision];
  }

  /**
   * The unit confirms `rev`, or, without a number, the last one that it was sent. Answers what it now runs at, if that is news.
   */
  confirm(rev: number | undefined): Revision | undefined {
    const confirmed = rev === undefined ? this.#sent.at(-1) : this.#sent.find((sent) => sent.rev === rev);
    if (confirmed === undefined) return undefined;
    const unconfirmed = this.#sent.filter((sent) => sent.rev > confirmed.rev);
    this.#sent = unconfirmed.length === 0 ? none : unconfirmed;
    if (confirmed.rev === this.#wanted?.revision.rev) {
      // Until the third sending, UDP alone carried it. To a v1 unit no other way is open.
      if (this.#hearsUdp && this.#v === 2) this.#tcpOnly = this.#tcpOnly || this.#tries >= limits.resendTcpFrom;
      this.#wanted = undefined;
    }
    return confirmed;
  }

  /** A v1 unit was told as often as it is told. */
  get exhausted(): boolean {
    return this.#v === 1 && this.#tries >= limits.resendV1Max;
  }

  #send(revision: Revision, nowMs: number): Transmission {
    if (this.#v === 1 && !this.#hearsUdp) {
      // No way leads to it: its next `!SUCC` carries the interval.
      this.#wanted = { revision, dueMs: undefined };
      return { ...revision, udp: false, tcp: false };
    }
    this.#tries += 1;
    const waitMs = this.#tries === 1 ? limits.resendFirstMs : limits.resendMs;
    this.#wanted = { revision, dueMs: this.exhausted ? undefined : nowMs + waitMs };
    const tcp = this.#v === 2 && (this.#tcpOnly || !this.#hearsUdp || this.#tries >= limits.resendTcpFrom);
    return { ...revision, udp: this.#hearsUdp, tcp };
  }
}
