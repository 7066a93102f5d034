import type { UnitRecord, UnitView } from '../core/unit.ts';
import { freeName, identify, type IdentityRequest } from '../session/identity.ts';
import type { Registration } from '../session/registration.ts';
import type { KnownMachines } from './known-machines.ts';
import { Unit, type UnitKeeping } from './unit.ts';

export interface UnitsOptions extends UnitKeeping {
  /** 16 random bytes, base64url. */
  readonly randomId: () => string;
  /** The interval of a unit that registers for the first time. */
  readonly intervalSeconds: number;
  /** Whose keys names and units are bound to. */
  readonly machines: Pick<KnownMachines, 'holderOfId' | 'holderOfName'>;
}

/** What a new unit is called, where its key has an id or a name already. */
export interface Called {
  readonly clientId?: string | undefined;
  readonly name?: string | undefined;
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
  /** Those alone that are not called as they asked: most are. */
  readonly #byAskedName = new Map<string, readonly Unit[]>();

  constructor(options: UnitsOptions) {
    this.#options = options;
  }

  /** Takes up a unit of an earlier run. Those that are bound to a key come first: what is left of a commit that failed may be called like one of them. */
  restore(record: UnitRecord): Unit {
    const { clientId } = record;
    const name = this.#options.machines.holderOfId(clientId)?.name ?? this.freeName(record.name, clientId);
    const unit = new Unit(name === record.name ? record : { ...record, name }, this.#options);
    unit.isKept = true;
    this.#add(unit);
    return unit;
  }

  get(clientId: string): Unit | undefined {
    return this.#byId.get(clientId);
  }

  views(): readonly UnitView[] {
    return [...this.#byId.values()].map((unit) => unit.view()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  ids(): readonly string[] {
    return [...this.#byId.keys()];
  }

  get size(): number {
    return this.#byId.size;
  }

  /** The unit that somebody without a key, or with a new one, asks for; undefined: a new one. What is bound to a key is nobody's to ask for. */
  findUnbound(request: IdentityRequest): Unit | undefined {
    const { machines } = this.#options;
    const unbound = (unit: Unit | undefined): Unit | undefined =>
      unit === undefined || machines.holderOfId(unit.clientId) !== undefined ? undefined : unit;
    return identify(request, {
      byId: (clientId) => unbound(this.#byId.get(clientId)),
      byAskedName: (asked) => this.#thatAsked(asked).filter((unit) => unbound(unit) !== undefined),
    });
  }

  /** The unit registers anew: its record is as it is from now on. */
  resume(unit: Unit, registration: Registration, arrival: Arrival): void {
    const { name } = registration;
    const renamed = unit.askedName !== name;
    if (renamed) this.#remove(unit);
    unit.record = {
      ...unit.record,
      ...recordOf(registration, arrival),
      name: renamed ? this.freeName(name, unit.clientId) : unit.name,
      interval: intervalFor(registration.v, unit.record.interval),
    };
    if (renamed) this.#add(unit);
  }

  create(registration: Registration, arrival: Arrival, called: Called): Unit {
    const seconds = this.#options.intervalSeconds;
    const interval = {
      confirmedSeconds: seconds,
      wantedSeconds: seconds,
      rev: 1,
      confirmedRev: 0,
      assumed: false,
      tcpOnly: false,
    };
    const clientId = called.clientId ?? this.#options.randomId();
    const record = {
      clientId,
      name: called.name ?? this.freeName(registration.name, clientId),
      ...recordOf(registration, arrival),
      interval: intervalFor(registration.v, interval),
    };
    const unit = new Unit(record, this.#options);
    this.#add(unit);
    return unit;
  }

  /** An operator calls it so. The name that it asks for is as before, so that it keeps this one when it comes back. */
  rename(unit: Unit, name: string): void {
    this.#remove(unit);
    unit.record = { ...unit.record, name };
    this.#add(unit);
  }

  /** The store did not take what was to change: a unit that is bound to a key is called as its machine is. */
  settleName(unit: Unit): void {
    const name = this.#options.machines.holderOfId(unit.clientId)?.name;
    if (name !== undefined && name !== unit.name) this.rename(unit, name);
  }

  /** A unit whose registration could not be stored, and that was not there before. */
  forget(unit: Unit): void {
    this.#remove(unit);
  }

  /** `name`, or the next one that no other unit has and that is bound to no other unit's key. */
  freeName(name: string, clientId: string): string {
    return freeName(name, (taken) => this.isTaken(taken, clientId));
  }

  isTaken(name: string, clientId: string): boolean {
    const unit = this.#byName.get(name);
    const holder = this.#options.machines.holderOfName(name);
    return (unit !== undefined && unit.clientId !== clientId) || (holder !== undefined && holder.clientId !== clientId);
  }

  #add(unit: Unit): void {
    this.#byId.set(unit.clientId, unit);
    this.#byName.set(unit.name, unit);
    if (unit.name === unit.askedName) return;
    this.#byAskedName.set(unit.askedName, [...(this.#byAskedName.get(unit.askedName) ?? []), unit]);
  }

  #thatAsked(name: string): readonly Unit[] {
    const others = this.#byAskedName.get(name) ?? [];
    const called = this.#byName.get(name);
    return called?.askedName === name ? [called, ...others] : others;
  }

  #remove(unit: Unit): void {
    if (this.#byId.get(unit.clientId) === unit) this.#byId.delete(unit.clientId);
    if (this.#byName.get(unit.name) === unit) this.#byName.delete(unit.name);
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
