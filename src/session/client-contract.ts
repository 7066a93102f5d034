import type { LabelledReading } from '../core/reading.ts';
import type { Frame } from '../framing/frame.ts';
import type { Challenge, Proof } from './proof.ts';
import type { Grant } from './registration.ts';
import type { WireAction, WireInput } from './server-contract.ts';

export interface ClientSessionOptions {
  readonly name: string;
  /** The `client_id` of an earlier registration. */
  readonly id: string | undefined;
  /** The port at which it hears UDP; 0: it does not. */
  readonly udpPort: number;
  /** A number in [0, 1), for the jitter of the backoff. */
  readonly random: () => number;
  /** The tag of protocol 5: HMAC-SHA256 of `text` under the bytes of `token`, first 16, base64url. */
  readonly tag: (token: string, text: string) => string;
  /** Answers a server that asks for this machine's key; undefined: it has none. */
  readonly prove?: (challenge: Challenge) => Proof;
}

/** What the machine needs to know of a new connection. */
export interface Connected {
  /** This machine's address on the connection, without zone. */
  readonly localAddress: string;
  readonly peerAddress: string;
  /** What a signature is bound to: keying material of the TLS session, base64url, or `-` without TLS (protocol 6). */
  readonly binding: string;
  /** The epoch of new readings. */
  readonly epoch: string;
  /** The clock as `!RGTR` shows it, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly timeText: string;
}

export type ClientInput =
  | WireInput
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'connected'; readonly connected: Connected }
  | { readonly type: 'datagram'; readonly frame: Frame; readonly from: string }
  /** To a v2 server: at most `room` readings, in order of `seq` within each epoch. */
  | { readonly type: 'offer'; readonly readings: readonly LabelledReading[] }
  /** To a v1 server: the readings of one round. A round that waits is replaced by a newer one. */
  | { readonly type: 'round'; readonly readings: readonly LabelledReading[] };

export type ClientAction =
  | WireAction
  | { readonly type: 'connect' }
  | { readonly type: 'registered'; readonly grant: Grant }
  /** The server has answered for these: it holds them, or, with `refused`, will never take them. */
  | { readonly type: 'released'; readonly readings: readonly LabelledReading[]; readonly refused: string | undefined }
  | { readonly type: 'interval'; readonly seconds: number; readonly rev: number }
  /** A frame or datagram that was not obeyed. */
  | { readonly type: 'ignored'; readonly why: IgnoredUpdate }
  /** The connection is over; what was unanswered is to be offered again. The next attempt is in `retryMs`. */
  | { readonly type: 'lost'; readonly reason: string; readonly retryMs: number }
  | { readonly type: 'stopped'; readonly confirmed: boolean };

/** `stale`: under the token of the registration before this one, so no attack. */
export type IgnoredUpdate = 'malformed' | 'forged' | 'stale' | 'stranger';
