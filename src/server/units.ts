import type { UnitRecord, UnitView } from '../core/unit.ts';
import { freeName, identify } from '../session/identity.ts';
import type { Registration } from '../session/registration.ts';
import { Unit, type UnitKeeping } from './unit.ts';

export interface UnitsOptions extends UnitKeeping {
  /** 16 random bytes, base64url. */
  readonly randomId: () => string;
  /** The interval of a unit that registers for the first time. */
  readonly intervalSeconds: number;
}

/** What a registration knows beside its own words. */
export interface Arrival {
  readonly peer: string;
  readonly wallMs: number;
  /** The address that UDP goes to. */
  readonly udpAddress: string;
}

/** All units that the server knows, and who is who (protocol 3). */
export class Units {
  readonly #options: UnitsOptions;
  readonly #byId = new Map<string, Unit>();
  readonly #byName = new Map<string, Unit>();
  /** Nearly always one. */
  readonly #byAskedName = new Map<string, readonly Unit[]>();

  constructor(options: UnitsOptions) {
    this.#options = options;
  }

  /** Takes up a unit of an earlier run. */
  restore(record: UnitRecord): Unit {
    const unit = new Unit(record, this.#options);
    this.#add(unit);
    return unit;
  }

  get(clientId: string): Unit | undefined {
    return this.#byId.get(clientId);
  }

  views(): readonly UnitView[] {
    return [...this.#byId.values()].map((unit) => unit.view()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The unit that registers, with its record as it is from now on, and whether it was made for it. */
  register(registration: Registration, arrival: Arrival): { readonly unit: Unit; readonly isNew: boolean } {
    const { id, name } = registration;
    const unit = identify(
      { id, name, address: arrival.peer },
      { byId: (clientId) => this.#byId.get(clientId), byAskedName: (asked) => this.#byAskedName.get(asked) ?? [] },
    );
    if (unit === undefined) return { unit: this.#create(registration, arrival), isNew: true };
    const renamed = unit.askedName !== name;
    if (renamed) this.#remove(unit);
    unit.record = {
      ...unit.record,
      ...recordOf(registration, arrival),
      name: renamed ? freeName(name, (taken) => this.#byName.has(taken)) : unit.name,
      interval: intervalFor(registration.v, unit.record.interval),
    };
    if (renamed) this.#add(unit);
    return { unit, isNew: false };
  }

  /** A unit whose registration could not be stored, and that was not there before. */
  forget(unit: Unit): void {
    this.#remove(unit);
  }

  #create(registration: Registration, arrival: Arrival): Unit {
    const seconds = this.#options.intervalSeconds;
    const interval = {
      confirmedSeconds: seconds,
      wantedSeconds: seconds,
      rev: 1,
      confirmedRev: 0,
      assumed: false,
      tcpOnly: false,
    };
    const record = {
      clientId: this.#options.randomId(),
      name: freeName(registration.name, (name) => this.#byName.has(name)),
      ...recordOf(registration, arrival),
      interval: intervalFor(registration.v, interval),
    };
    const unit = new Unit(record, this.#options);
    this.#add(unit);
    return unit;
  }

  #add(unit: Unit): void {
    this.#byId.set(unit.clientId, unit);
    this.#byName.set(unit.name, unit);
    const namesakes = this.#byAskedName.get(unit.askedName);
    this.#byAskedName.set(unit.askedName, namesakes === undefined ? [unit] : [...namesakes, unit]);
  }

  #remove(unit: Unit): void {
    this.#byId.delete(unit.clientId);
    this.#byName.delete(unit.name);
    const namesakes = this.#byAskedName.get(unit.askedName)?.filter((namesake) => namesake !== unit) ?? [];
    if (namesakes.length === 0) this.#byAskedName.delete(unit.askedName);
    else this.#byAskedName.set(unit.askedName, namesakes);
  }
}

function recordOf(
  { name, v, udpPort }: Registration,
  { peer, wallMs, udpAddress }: Arrival,
): Omit<UnitRecord, 'clientId' | 'name' | 'interval'> {
  return {
    askedName: name,
    v,
    ip: udpAddress,
    port: udpPort,
    peer,
    registeredMs: wallMs,
    lastSeenMs: wallMs,
    left: false,
  };
}

/** A v1 unit takes whole seconds only: a wanted interval that is not whole becomes the next whole one, under a new revision. */
function intervalFor(v: 1 | 2, interval: UnitRecord['interval']): UnitRecord['interval'] {
  const wholeSeconds = Math.ceil(interval.wantedSeconds);
  if (v === 2 || wholeSeconds === interval.wantedSeconds) return { ...interval, assumed: false };
  return { ...interval, wantedSeconds: wholeSeconds, rev: interval.rev + 1, assumed: false };
}
