import { reasonOf } from '../core/system-error.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Registration } from '../session/registration.ts';
import type { Directory, Store } from '../store/contract.ts';
import { tellTakeover } from './doubts.ts';
import type { Guest } from './guest.ts';
import type { Intake } from './intake.ts';
import { recall } from './recall.ts';
import type { OwnedReading, Peer, Unit } from './unit.ts';
import type { Units } from './units.ts';

export interface SeatingOptions {
  readonly units: Units;
  readonly intake: Intake<OwnedReading>;
  readonly directory: Pick<Directory, 'highestSeq'> & Pick<Store, 'query'>;
  readonly clock: Clock;
  readonly report: Log;
  /** 16 random bytes, base64url. */
  readonly randomToken: () => string;
}

/** Gives a connection the unit that it was admitted as: takes it over, has it stored, and tells the session what it is granted. */
export class Seating {
  readonly #options: SeatingOptions;

  constructor(options: SeatingOptions) {
    this.#options = options;
  }

  /** `bound` is called once the unit is stored, and with it the machine whose it is. */
  seat(guest: Guest, unit: Unit, registration: Registration, bound: (() => void) | undefined): void {
    const { units, intake, clock, report } = this.#options;
    const { peer } = guest;
    const former = unit.peer;
    unit.peer = peer;
    guest.unit = unit;
    guest.epoch = registration.epoch;
    if (former !== undefined && former !== peer) {
      tellTakeover(guest, former, { nowMs: clock.monotonicMs(), report });
      former.input({ type: 'taken-over' });
    }
    const { rev, wantedSeconds: seconds } = unit.record.interval;
    // In the one queue, so that whatever the former connection left in hand is through, or has failed, before `seq` is read.
    intake.addUnit(unit.record, {
      stored: () => {
        unit.isKept = true;
        bound?.();
        unit.wantStored({ rev, seconds });
        void this.#grant(registration, unit, peer);
      },
      failed: (words) => {
        // All that registered as this unit behind this one fail as well.
        if (!unit.isKept) units.forget(unit);
        else units.settleName(unit);
        peer.input({ type: 'refused', code: 'store-unavailable', words });
      },
    });
  }

  async #grant({ epoch, udpPort }: Registration, unit: Unit, peer: Peer): Promise<void> {
    const { directory, randomToken } = this.#options;
    let seq = 0;
    try {
      if (epoch !== undefined) seq = await directory.highestSeq(unit.clientId, epoch);
    } catch (error) {
      const words = reasonOf(error);
      peer.input({ type: 'refused', code: 'store-unavailable', words });
      return;
    }
    await recall(unit, directory);
    if (unit.peer !== peer) return;
    const { clientId, record } = unit;
    const { tcpOnly } = record.interval;
    const granted = unit.grant();
    const token = randomToken();
    const hearsUdp = udpPort > 0;
    peer.input({ type: 'registered', registered: { clientId, granted, seq, token, hearsUdp, tcpOnly, judge: unit } });
  }
}
