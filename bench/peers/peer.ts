import type { DialectName } from '../dialects.ts';

/** Somebody else's server, as the bench starts it: with its own defaults but for what is said here, and as durable as it can be. */
export interface Peer {
  readonly name: string;
  /** The program, as it is called on the `PATH`, and Debian's package. */
  readonly program: string;
  readonly debianPackage: string;
  readonly dialect: DialectName;
  launch(place: PeerPlace): PeerLaunch;
  /** Makes what readings go into. Rejects while the server does not answer. */
  prepare(port: number): Promise<void>;
  /** How many readings it holds. */
  count(port: number): Promise<number>;
  /** Asks it to do at once what it puts off to make its files small. */
  shrink?(port: number): Promise<void>;
}

export interface PeerPlace {
  /** A folder of its own. */
  readonly folder: string;
  readonly port: number;
  /** Another free port. */
  readonly spare: number;
  /** It is not loaded any more, and may do soon what it would else put off. */
  readonly idle: boolean;
}

export interface PeerLaunch {
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}
