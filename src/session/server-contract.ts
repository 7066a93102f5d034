import type { Reading, TakenReading } from '../core/reading.ts';
import type { Frame } from '../framing/frame.ts';
import type { FailureCode } from './failure.ts';
import type { Proof } from './proof.ts';
import type { Registration } from './registration.ts';
import type { Revision } from './interval-sender.ts';

export interface ServerSessionOptions {
  /** The port that the client connected to, for `tcp_port` of `!SUCC`. */
  readonly tcpPort: number;
  /** The tag of protocol 5: HMAC-SHA256 of `text` under the bytes of `token`, first 16, base64url. */
  readonly tag: (token: string, text: string) => string;
  readonly nowMs: number;
  /** How long a connection may take to register; undefined: as long as the protocol has it. */
  readonly registrationMsMax?: number;
}

/** What a connection does, to either side's machine. */
export type WireInput =
  | { readonly type: 'frame'; readonly frame: Frame }
  /** Bytes of a frame have come that is not complete. */
  | { readonly type: 'frame-begun' }
  | { readonly type: 'bad-frame'; readonly message: string }
  /** The peer takes no more bytes for now; and takes them again. */
  | { readonly type: 'blocked' }
  | { readonly type: 'drained' }
  /** Reading from the socket stopped; and goes on. */
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
  /** The peer will send nothing more. */
  | { readonly type: 'ended' }
  /** The connection is gone. */
  | { readonly type: 'closed'; readonly reason: string }
  | { readonly type: 'wake' };

/** What either side's machine does to a connection. */
export type WireAction =
  | { readonly type: 'send'; readonly frame: Frame }
  /** Half-close, after what was sent. */
  | { readonly type: 'end' }
  | { readonly type: 'close'; readonly reason: string };

/** What the server grants a unit that registers; the protocol's members and what the session needs to know of it. */
export interface Registered {
  readonly clientId: string;
  readonly granted: Revision;
  readonly seq: number;
  readonly token: string;
  readonly hearsUdp: boolean;
  readonly tcpOnly: boolean;
  /** Undefined: all readings are taken. */
  readonly judge?: ReadingJudge;
}

/** Who knows which readings the server takes. An object, of which the server has one anyhow, since a closure for each connection is 100 bytes. */
export interface ReadingJudge {
  /** Why the server will never take this reading, in words for a person; undefined: it takes it. */
  refusal(reading: TakenReading): string | undefined;
}

export type ServerInput =
  | WireInput
  | { readonly type: 'registered'; readonly registered: Registered }
  /** The registration is to be proven (protocol 6): 32 random bytes, base64url without padding. */
  | { readonly type: 'challenge'; readonly nonce: string }
  | { readonly type: 'refused'; readonly code: FailureCode; readonly words: string }
  /** The oldest `store` that has no outcome yet is stored. */
  | { readonly type: 'stored' }
  /** It is not, and none of the later ones will be. */
  | { readonly type: 'store-failed'; readonly words: string }
  | { readonly type: 'interval'; readonly revision: Revision }
  /** The unit is served no more; `words` say why. */
  | { readonly type: 'expelled'; readonly words: string }
  /** Another connection registered as this unit. */
  | { readonly type: 'taken-over' }
  | { readonly type: 'shut-down' };

export type ServerAction =
  | WireAction
  /** To the unit's UDP address. */
  | { readonly type: 'datagram'; readonly frame: Frame }
  /** `data` is that of its `!RGTR`, as it came. */
  | { readonly type: 'register'; readonly registration: Registration; readonly data: string }
  /** The answer to a challenge; `registered` or `refused` is due. */
  | { readonly type: 'prove'; readonly proof: Proof }
  | { readonly type: 'store'; readonly reading: TakenReading }
  /** Of a v1 unit: readings that get the server's time, and lines that are kept as events. One outcome for all. */
  | { readonly type: 'store-v1'; readonly readings: readonly Reading[]; readonly others: readonly string[] }
  | { readonly type: 'confirmed'; readonly revision: Revision; readonly tcpOnly: boolean }
  /** A v1 unit was told the wanted interval as often as it is told. */
  | { readonly type: 'assumed'; readonly revision: Revision }
  | { readonly type: 'state'; readonly state: 'online' | 'late' | 'lost' | 'disconnected'; readonly reason: string }
  /** For the log: what was refused, and why. */
  | { readonly type: 'refusal'; readonly code: FailureCode; readonly words: string };

/** What goes out over UDP. */
export type DatagramFrame = Extract<ServerAction, { type: 'datagram' }>['frame'];
