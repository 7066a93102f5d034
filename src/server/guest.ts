import type { Fields } from '../core/log.ts';
import type { FailureCode } from '../session/failure.ts';
import type { Registration } from '../session/registration.ts';
import type { Peer, Unit } from './unit.ts';
import type { Waiter } from './waiter.ts';

/** What the server knows of one open connection, which waits for the outcome of what it sent. */
export class Guest implements Waiter {
  readonly peer: Peer;
  unit: Unit | undefined;
  epoch: string | undefined;
  window = 0;
  /** What it said in `!RGTR`. */
  application: Application | undefined;

  constructor(peer: Peer) {
    this.peer = peer;
    peer.guest = this;
  }

  stored(): void {
    this.peer.stored();
  }

  settled(): void {
    this.peer.flush();
  }

  failed(words: string): void {
    this.peer.input({ type: 'store-failed', words });
  }
}

/** A registration that is under way. */
export interface Application {
  readonly registration: Registration;
  /** The data of its `!RGTR`, as it came. */
  readonly data: string;
  /** What it was asked to sign; undefined: nothing, or it has answered. */
  nonce: string | undefined;
  /** The key that it has proven to hold. */
  publicKey: string | undefined;
}

/** Who it is, in an event. */
export function nameOf({ unit, peer }: Guest): { unit?: string; client_id?: string; peer: string } {
  const address = `${peer.peerAddress.includes(':') ? `[${peer.peerAddress}]` : peer.peerAddress}:${peer.peerPort}`;
  return unit === undefined ? { peer: address } : { unit: unit.name, client_id: unit.clientId, peer: address };
}

/** The fields of `registered`. */
export function registeredFields(unit: Unit, peer: Peer): Record<string, string | number> {
  const { v, ip, port, interval } = unit.record;
  return {
    unit: unit.name,
    client_id: unit.clientId,
    peer: peer.peerAddress,
    v,
    ip,
    port,
    interval: interval.wantedSeconds,
    rev: interval.rev,
  };
}

/** What is told of a refusal, and under which name: of a registration the name is its own, whatever the code, with the unit and the key that it was for. */
export function refusalEvent(guest: Guest, code: FailureCode): { readonly event: string; readonly fields: Fields } {
  const { unit, application } = guest;
  const isRegistration = registrationCodes.has(code);
  if (!isRegistration || unit !== undefined) return { event: isRegistration ? refused : code, fields: nameOf(guest) };
  const { registration, publicKey: key } = application ?? {};
  return { event: refused, fields: { ...nameOf(guest), unit: registration?.name, key } };
}

const refused = 'registration-refused';
const registrationCodes: ReadonlySet<FailureCode> = new Set(['bad-registration', 'not-allowed', 'pending', 'too-many']);
