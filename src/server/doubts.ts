import type { Log } from '../core/log.ts';
import { nameOf, type Guest } from './guest.ts';
import { Takeovers } from './takeovers.ts';
import type { Peer } from './unit.ts';

const wayOut =
  'two machines send as one unit; stop the client of the one that is the copy, delete its state folder, and start it again';

/** Readings keep the unit's time, whatever it is: whoever looks at them has to know that its clock is off, or right again. */
export function tellClock(guest: Guest, report: Log): void {
  const offsetMs = guest.unit?.clock.shownMs ?? 0;
  if (offsetMs === 0) report('info', 'clock-right', nameOf(guest));
  else report('warn', 'clock-off', { ...nameOf(guest), offset_ms: offsetMs });
}

/** The guest takes its unit over from `former`. */
export function tellTakeover(guest: Guest, former: Peer, { nowMs, report }: { nowMs: number; report: Log }): void {
  const { unit, peer } = guest;
  if (unit === undefined || former.peerAddress === peer.peerAddress) return;
  unit.takeovers ??= new Takeovers();
  if (!unit.takeovers.note(nowMs)) return;
  report('warn', 'duplicate-identity', { ...nameOf(guest), other: former.peerAddress, reason: wayOut });
}
