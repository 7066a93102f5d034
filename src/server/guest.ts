import type { FailureCode } from '../session/failure.ts';
import type { Waiter } from './intake.ts';
import type { Peer, Unit } from './unit.ts';

/** What the server knows of one open connection, which waits for the outcome of what it sent. */
export class Guest implements Waiter {
  readonly peer: Peer;
  unit: Unit | undefined;
  epoch: string | undefined;
  window = 0;

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

/** The event under which a refusal is logged: that of a registration has a name of its own, whatever its code. */
export function refusalEvent(code: FailureCode): string {
  return code === 'bad-registration' ? 'registration-refused' : code;
}
