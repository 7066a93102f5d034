import type { MachineRecord } from '../core/machine.ts';
import type { Held } from './admission.ts';
import { KeptRecords } from './kept-records.ts';

/** Machines that wait for approval. More is not a fleet that joins but somebody who draws keys. */
export const pendingMax = 1_024;
/** A machine that waits asks once a minute; one that has not asked for so long has gone. */
export const pendingMsMax = 7 * 86_400_000;

/** A machine that has its name and its id, or had. */
export type Holder = MachineRecord & { readonly state: Held };

/** The machines that hold keys: by key, by the id of their unit, and by the name that is bound to them. */
export class KnownMachines {
  readonly records = new KeptRecords<MachineRecord>((before, after) => {
    this.#reindex(before, after);
  });
  readonly #byId = new Map<string, MachineRecord>();
  readonly #byName = new Map<string, Holder>();
  /** By key, those that were seen longest ago first. */
  readonly #pending = new Map<string, MachineRecord>();

  restore(machines: readonly MachineRecord[]): void {
    const order = machines.toSorted((a, b) => a.lastSeenMs - b.lastSeenMs);
    for (const machine of order) this.records.restore(machine.publicKey, machine);
  }

  ofKey(publicKey: string): MachineRecord | undefined {
    return this.records.get(publicKey);
  }

  /** Whoever it is, waiting or not. */
  ofId(clientId: string): MachineRecord | undefined {
    return this.#byId.get(clientId);
  }

  /** Whose key the unit is bound to; undefined: to none. */
  holderOfId(clientId: string): Holder | undefined {
    const machine = this.#byId.get(clientId);
    return machine !== undefined && isHolder(machine) ? machine : undefined;
  }

  holderOfName(name: string): Holder | undefined {
    return this.#byName.get(name);
  }

  /** By name, then by when they were first seen. */
  all(wallMs: number): readonly MachineRecord[] {
    this.#letGo(wallMs);
    return [...this.records.values()].toSorted((a, b) =>
      a.name === b.name ? a.firstSeenMs - b.firstSeenMs : a.name < b.name ? -1 : 1,
    );
  }

  put(machine: MachineRecord): void {
    this.records.put(machine.publicKey, machine);
  }

  forget(publicKey: string): void {
    this.records.put(publicKey, undefined);
  }

  /** Whether one more may wait for approval. */
  hasRoom(wallMs: number): boolean {
    this.#letGo(wallMs);
    return this.#pending.size < pendingMax;
  }

  /** Those that wait and have not come for long are let go of. */
  #letGo(wallMs: number): void {
    for (const [publicKey, { lastSeenMs }] of this.#pending) {
      if (wallMs - lastSeenMs <= pendingMsMax) return;
      this.forget(publicKey);
    }
  }

  #reindex(before: MachineRecord | undefined, after: MachineRecord | undefined): void {
    if (before !== undefined) {
      // Where two records change places, the other one may be there already.
      if (this.#byId.get(before.clientId)?.publicKey === before.publicKey) this.#byId.delete(before.clientId);
      if (this.#byName.get(before.name)?.publicKey === before.publicKey) this.#byName.delete(before.name);
      this.#pending.delete(before.publicKey);
    }
    if (after === undefined) return;
    this.#byId.set(after.clientId, after);
    if (isHolder(after)) this.#byName.set(after.name, after);
    else this.#pending.set(after.publicKey, after);
  }
}

function isHolder(machine: MachineRecord): machine is Holder {
  return machine.state !== 'pending';
}
