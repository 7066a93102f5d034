/** A machine, the holder of a key, as the store keeps it. Times are milliseconds since 1970, UTC, by the server's clock. */
export interface MachineRecord {
  /** The raw 32 bytes of its Ed25519 key, base64url without padding; of all records at most one has it. */
  readonly publicKey: string;
  /** Of its unit; drawn when the key is first seen, and kept from then on. */
  readonly clientId: string;
  /** The name that is bound to its key; while it waits for approval, the one that it asks for. */
  readonly name: string;
  readonly state: MachineState;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** The address from which it was last seen. */
  readonly peer: string;
  /** The join token that let it in; undefined: none did. */
  readonly tokenId?: string;
}

/**
 * `pending`: waits for approval, and has neither unit nor name yet. `approved`: name and id are served to this key alone. `revoked`: they are served to
 * nobody. `forgotten`: the key counts no more, and another one gets name and id only where an operator approves it.
 */
export type MachineState = 'pending' | 'approved' | 'revoked' | 'forgotten';

/** What a commit does to the record of one key: keeps it as it is now, or, without a record, lets go of it. */
export interface MachineChange {
  readonly publicKey: string;
  readonly machine: MachineRecord | undefined;
}

/** A join token as the store keeps it, which is without the token. */
export interface JoinTokenRecord {
  /** The first 8 characters of `hash`: how people call it. */
  readonly id: string;
  /** The SHA-256 of the token's text, base64url without padding. */
  readonly hash: string;
  /** How many machines it lets in, and how many it has. */
  readonly usesMax: number;
  readonly uses: number;
  readonly createdMs: number;
  readonly expiresMs: number;
  readonly revoked: boolean;
}

/** What a commit does to one token: keeps it as it is now, or, without a record, lets go of it. */
export interface JoinTokenChange {
  readonly id: string;
  readonly token: JoinTokenRecord | undefined;
}

/**
 * Who may register. `open`: anyone may register a new unit, and names that have a key are protected. `tofu`: and the first key for a name binds it.
 * `approve`: new machines wait until an operator approves them. `token`: new machines need a join token. `v1`: where clients of version 1, which have no keys, are served.
 */
export interface AuthPolicy {
  readonly mode: 'open' | 'tofu' | 'approve' | 'token';
  readonly v1: 'allow' | 'loopback' | 'deny';
}
