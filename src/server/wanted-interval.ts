import type { Log } from '../core/log.ts';
import { isInterval } from '../session/interval-update.ts';
import type { IntervalOutcome } from './contract.ts';
import type { Intake } from './intake.ts';
import type { OwnedReading, Unit } from './unit.ts';

export interface DeskOptions {
  readonly intake: Pick<Intake<OwnedReading>, 'addUnit'>;
  readonly report: Log;
}

/** An operator wants another interval for the unit. It goes out, and is told, once the store has it. */
export function wantInterval(unit: Unit, seconds: number, { intake, report }: DeskOptions): Promise<IntervalOutcome> {
  const reason = whyNot(seconds, unit.record, unit.peer !== undefined);
  if (reason !== undefined) return Promise.resolve({ type: 'unit-cannot', reason });
  const revision = unit.want(seconds);
  const { rev } = revision;
  return new Promise((resolve) => {
    intake.addUnit(unit.record, {
      stored: () => {
        unit.wantStored(revision);
        report('info', 'interval-wanted', { unit: unit.name, client_id: unit.clientId, interval: seconds, rev });
        resolve({ type: 'accepted', unit: unit.view(), rev });
      },
      failed: () => {
        unit.wantFailed(revision);
        resolve({ type: 'store-unavailable' });
      },
    });
  });
}

/** Why a unit cannot have this interval; undefined where it can (protocol 5). */
function whyNot(seconds: number, { v, port }: { v: 1 | 2; port: number }, live: boolean): string | undefined {
  if (!isInterval(seconds)) return 'an interval is 0.1 to 86400 s, a multiple of 0.001';
  if (v === 2) return undefined;
  if (!Number.isInteger(seconds)) return 'the unit speaks v1 of the protocol, which has whole seconds only';
  if (live && port === 0)
    return 'the unit speaks v1 of the protocol and hears no UDP: it takes an interval only when it registers';
  return undefined;
}
