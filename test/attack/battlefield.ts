import { openNamespaces } from './namespaces.ts';

/** The machines of a siege. */
export type Side = 'server' | 'honest' | 'attackers';

/** Where an attacker comes from and what he aims at. */
export interface Route {
  readonly host: string;
  readonly addresses: readonly string[];
}

/** Where a siege takes place. Leaving the block of `using` leaves nothing behind, not even programs that still ran there. */
export interface Battlefield extends Disposable {
  readonly place: 'namespaces' | 'loopback';
  /** Why it is not in namespaces. */
  readonly reason?: string;
  /** At which honest clients find the server. */
  readonly serverHost: string;
  /** What the server has to be told here. */
  readonly settings: Readonly<Record<string, string>>;
  /** The command that runs `program` with its arguments on the machine of `side`. */
  command(side: Side, program: readonly [string, ...string[]]): readonly [string, ...string[]];
  /** Of the attacker of this number, who has as many addresses. */
  route(attacker: { readonly number: number; readonly addresses: number; readonly target: 'server' | 'honest' }): Route;
}

/**
 * Each side in a network namespace of its own, joined by virtual Ethernet, as far as this user may make them; else all on loopback, where limits by address are asked for and each
 * attacker has a block of addresses.
 */
export function openBattlefield(attackers: number): Battlefield {
  try {
    return openNamespaces(attackers);
  } catch (error) {
    return loopbackBattlefield(error instanceof Error ? error.message : String(error));
  }
}

/** Attackers have blocks of addresses of their own from here on; honest clients are 127.0.0.1. */
const firstBlock = 100;
const loopback = '127.0.0.1';

export function loopbackBattlefield(reason: string): Battlefield {
  return {
    place: 'loopback',
    reason,
    serverHost: loopback,
    settings: { TELEMETRY_LIMITS_LOOPBACK: 'true' },
    command: (_, program) => program,
    route: ({ number, addresses }) => ({
      host: loopback,
      addresses: Array.from({ length: addresses }, (_, index) => `127.0.${firstBlock + number}.${index + 1}`),
    }),
    [Symbol.dispose]: () => undefined,
  };
}
