/** A connection as bytes, so that a test can stand in for a socket. */
export interface Link {
  readonly localAddress: string;
  readonly localPort: number;
  readonly peerAddress: string;
  readonly peerPort: number;
  /** What a signature is bound to: 32 bytes of the TLS session's exported keying material, base64url without padding, or `-` without TLS (protocol 6). */
  readonly binding: string;
  /** Takes the listener of everything that happens; called once, at once. */
  listen(events: LinkEvents): void;
  /** False: queued; stop producing until `drained`. The bytes must not change afterwards. */
  write(bytes: Uint8Array): boolean;
  /** Half-closes after what was written. */
  end(): void;
  /** Closes at once; no event follows. */
  destroy(): void;
  pause(): void;
  resume(): void;
}

export interface LinkEvents {
  /** The bytes may be reused when the call returns. */
  data(bytes: Uint8Array): void;
  drained(): void;
  /** The peer will send nothing more. */
  ended(): void;
  /** The connection is gone, for `reason`. */
  closed(reason: string): void;
}
