import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { UnitReading } from '../core/reading.ts';
import type { UnitView } from '../core/unit.ts';
import { isInterval } from '../session/interval-update.ts';
import type { Directory, Store } from '../store/contract.ts';
import type { Fleet, Health, IntervalOutcome } from './contract.ts';
import { LiveFeed } from './feed.ts';
import { Intake } from './intake.ts';
import { Reception, type ReceptionOptions } from './reception.ts';
import { Units } from './units.ts';

export interface HubOptions extends Pick<ReceptionOptions, 'randomToken' | 'sendDatagram' | 'allowOtherAddress'> {
  readonly store: Store & Directory;
  readonly clock: Clock;
  /** Runs a task after all input of this turn of the loop has been dealt with. */
  readonly defer: (task: () => void) => void;
  readonly randomId: () => string;
  readonly intervalSeconds: number;
}

/** The server but for its sockets: units, intake and interval changes, and the live view of them. */
export class Hub implements Fleet, Health {
  readonly feed: LiveFeed;
  readonly reception: Reception;
  readonly #options: HubOptions;
  readonly #units: Units;
  readonly #intake: Intake;
  #problem: string | undefined;

  constructor(options: HubOptions) {
    const { store, clock, defer } = options;
    this.#options = options;
    this.feed = new LiveFeed(clock);
    this.#units = new Units(options);
    this.#intake = new Intake({
      store,
      defer,
      committed: (readings) => {
        this.#committed(readings);
      },
      trouble: (words) => {
        this.#trouble(words);
      },
    });
    this.reception = new Reception({
      ...options,
      units: this.#units,
      intake: this.#intake,
      directory: store,
      report: this.feed.report,
    });
  }

  /** Takes up the units of earlier runs; once, before the first connection. */
  async restore(): Promise<void> {
    for (const record of await this.#options.store.units()) this.#units.restore(record);
  }

  /** The intake holds as much as it may. */
  get isCrowded(): boolean {
    return this.#intake.isFull;
  }

  units(): readonly UnitView[] {
    return this.#units.views();
  }

  unit(clientId: string): UnitView | undefined {
    return this.#units.get(clientId)?.view();
  }

  setInterval(clientId: string, seconds: number): Promise<IntervalOutcome> {
    const unit = this.#units.get(clientId);
    if (unit === undefined) return Promise.resolve({ type: 'no-such-unit' });
    const reason = whyNot(seconds, unit.record, unit.peer !== undefined);
    if (reason !== undefined) return Promise.resolve({ type: 'unit-cannot', reason });
    const revision = unit.want(seconds);
    const { rev } = revision;
    return new Promise((resolve) => {
      this.#intake.addUnit(unit.record, {
        stored: () => {
          unit.wantStored(revision);
          this.#report('info', 'interval-wanted', { unit: unit.name, client_id: clientId, interval: seconds, rev });
          resolve({ type: 'accepted', unit: unit.view(), rev });
        },
        failed: () => {
          unit.wantFailed(revision);
          resolve({ type: 'store-unavailable' });
        },
      });
    });
  }

  ready(): { readonly ready: boolean; readonly problems: readonly string[] } {
    return { ready: this.#problem === undefined, problems: this.#problem === undefined ? [] : [this.#problem] };
  }

  /** Answers what is in hand, commits, and lets the connections go. */
  async shutDown(): Promise<void> {
    await this.reception.shutDown();
    await this.#intake.idle();
  }

  get #report(): Log {
    return this.feed.report;
  }

  #committed(readings: readonly UnitReading[]): void {
    for (const { clientId, reading } of readings) this.#units.get(clientId)?.take(reading);
    this.feed.readings(readings);
  }

  #trouble(words: string | undefined): void {
    this.#problem = words === undefined ? undefined : `the store takes nothing: ${words}`;
    if (words === undefined) this.#report('info', 'store-available', {});
    else this.#report('error', 'store-unavailable', { reason: words });
  }
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
