import type { ServerLimits } from '../core/limits.ts';
import type { Level } from '../core/log.ts';
import type { AuthPolicy } from '../core/machine.ts';

/** An address to listen on or to dial. IPv6 without brackets. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where frames are spoken: plain TCP, or TLS from the first byte. */
export interface WireAddress extends Address {
  readonly scheme: 'tcp' | 'tls';
}

export interface HttpConfig extends Address {
  /** Elsewhere than on loopback: without TLS. */
  readonly insecure: boolean;
  /** `auto`: who reaches a loopback address needs no account. */
  readonly login: 'auto' | 'always';
  /** Names under which it is reached, besides its addresses and the machine's own name. */
  readonly hosts: readonly string[];
}

export interface LogConfig {
  readonly level: Level;
  /** Undefined: pretty on a terminal, JSON elsewhere. */
  readonly format: 'pretty' | 'json' | undefined;
  readonly file: string | undefined;
  /** Size at which the file is rotated. */
  readonly fileBytesMax: number;
  /** Rotated files that are kept. */
  readonly filesMax: number;
}

export interface ServerConfig {
  readonly listen: readonly WireAddress[];
  /** The certificate and its key, PEM files, both or neither; undefined: the server makes its own below `dataDir`. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  readonly auth: AuthPolicy;
  /** Undefined: off. */
  readonly http: HttpConfig | undefined;
  readonly dataDir: string;
  /** Interval of a unit that registers for the first time. */
  readonly intervalSeconds: number;
  readonly store: {
    /** `memory` survives nothing; `sqlite` is on disk below `dataDir`. */
    readonly kind: 'memory' | 'sqlite';
    /** How long a reading is kept after it was stored; undefined: as long as there is room. For `sqlite` only, as is the budget. */
    readonly retentionMs: number | undefined;
    /** The same of the roll-ups, by the length of their steps. */
    readonly rollUpRetentionMs: Readonly<Record<'1m' | '10m' | '2h', number | undefined>>;
    /** What its files may have together; undefined: no bound. */
    readonly budgetBytes: number | undefined;
  };
  readonly udp: {
    /** Send `!UPDT` to the `ip` of `!RGTR` even where it is not the TCP peer's address. */
    readonly allowOtherAddress: boolean;
  };
  readonly limits: ServerLimits;
  readonly log: LogConfig;
}

export interface ClientConfig {
  /** Undefined: the one that this machine has joined, which its state has. */
  readonly server: WireAddress | undefined;
  /** How a TLS server is known: by the SHA-256 of its certificate (64 hex digits), or by the CAs of a PEM file; neither: by the system's. */
  readonly tls: { readonly fingerprint: string | undefined; readonly ca: string | undefined };
  readonly name: string;
  /** Nobody gave the name: it is the host's. */
  readonly nameIsHosts?: true;
  readonly stateDir: string;
  /** Port to hear UDP on; 0 picks a free one; undefined: off. */
  readonly udpPort: number | undefined;
  /** Where `/proc` and `/sys` and the mounted file systems are found: `/`, or `/host` in a container. */
  readonly root: string;
  readonly spool: {
    /** `memory` is lost with the process; `disk` lies below `stateDir`. */
    readonly kind: 'memory' | 'disk';
    /** What its files may have together; for `disk` only. */
    readonly bytesMax: number;
    /** `round`: a round survives a loss of power before it is sent; for `disk` only. */
    readonly sync: 'never' | 'round';
  };
  readonly sensors: {
    /** `auto`: `/proc` and `/sys` on Linux, systeminformation and node-os-utils elsewhere. */
    readonly source: 'auto' | 'linux' | 'portable';
    /** How long one sensor may take. */
    readonly timeoutMs: number;
  };
  readonly log: LogConfig;
}
