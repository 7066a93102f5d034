import type { Clock } from '../core/clock.ts';
import type { Fields, Log } from '../core/log.ts';
import type { MachineRecord } from '../core/machine.ts';
import { isName } from '../session/registration.ts';
import type { MachineOutcome, Machines, MachineView } from './contract.ts';
import type { Intake } from './intake.ts';
import type { KnownMachines } from './known-machines.ts';
import type { Units } from './units.ts';
import { unawaited } from './waiter.ts';

export interface MachineDeskOptions {
  readonly machines: KnownMachines;
  readonly units: Units;
  readonly intake: Pick<Intake, 'addUnit'>;
  readonly clock: Clock;
  readonly report: Log;
  /** Stores what has changed; whether it could. */
  readonly commit: () => Promise<boolean>;
}

/** Says what was done, once it is stored. */
type Tell = (report: Log, fields: Fields) => void;

const tellApproved: Tell = (report, fields) => report('info', 'machine-approved', fields);
const tellRevoked: Tell = (report, fields) => report('info', 'machine-revoked', fields);
const tellForgotten: Tell = (report, fields) => report('info', 'machine-forgotten', fields);
const tellRenamed =
  (former: string): Tell =>
  (report, fields) =>
    report('info', 'machine-renamed', { ...fields, former });

/** Where operators say which machines are served, and under which name. */
export class MachineDesk implements Machines {
  readonly #options: MachineDeskOptions;

  constructor(options: MachineDeskOptions) {
    this.#options = options;
  }

  machines(): readonly MachineView[] {
    const { machines, clock } = this.#options;
    return machines.all(clock.wallMs()).map(viewOf);
  }

  async approve(clientId: string): Promise<MachineOutcome> {
    const machine = this.#options.machines.ofId(clientId);
    if (machine === undefined) return { type: 'no-such-machine' };
    if (machine.state === 'approved') return { type: 'done', machine: viewOf(machine) };
    if (machine.state !== 'pending') return this.#change({ ...machine, state: 'approved' }, tellApproved);
    return this.#letIn(machine);
  }

  async revoke(clientId: string): Promise<MachineOutcome> {
    const machine = this.#options.machines.ofId(clientId);
    if (machine === undefined) return { type: 'no-such-machine' };
    if (machine.state === 'pending') {
      return { type: 'machine-cannot', reason: 'it waits for approval, and has nothing that could be revoked' };
    }
    if (machine.state === 'revoked') return { type: 'done', machine: viewOf(machine) };
    this.#expel(clientId, 'this machine was revoked; ask the operator of the server');
    return this.#change({ ...machine, state: 'revoked' }, tellRevoked);
  }

  async forget(clientId: string): Promise<MachineOutcome> {
    const { machines } = this.#options;
    const machine = machines.ofId(clientId);
    if (machine === undefined) return { type: 'no-such-machine' };
    if (machine.state === 'forgotten') return { type: 'done', machine: viewOf(machine) };
    const forgotten: MachineRecord = { ...machine, state: 'forgotten' };
    if (machine.state !== 'pending') {
      this.#expel(clientId, 'this machine was forgotten; it waits until an operator approves it');
      return this.#change(forgotten, tellForgotten);
    }
    machines.forget(machine.publicKey);
    return this.#stored(forgotten, tellForgotten);
  }

  async rename(clientId: string, name: string): Promise<MachineOutcome> {
    const { machines, units, intake } = this.#options;
    const machine = machines.ofId(clientId);
    if (machine === undefined) return { type: 'no-such-machine' };
    const reason = this.#whyNotCalled(name, machine);
    if (reason !== undefined) return { type: 'machine-cannot', reason };
    if (machine.name === name) return { type: 'done', machine: viewOf(machine) };
    const renamed = { ...machine, name };
    machines.put(renamed);
    const unit = units.get(clientId);
    if (unit !== undefined) {
      units.rename(unit, name);
      intake.addUnit(unit.record, unawaited);
    }
    const outcome = await this.#stored(renamed, tellRenamed(machine.name));
    if (unit !== undefined) units.settleName(unit);
    return outcome;
  }

  /** One that waits gets its name and its unit. */
  #letIn(machine: MachineRecord): Promise<MachineOutcome> {
    const { machines, units } = this.#options;
    const { name, peer: address } = machine;
    const holder = machines.holderOfName(name);
    if (holder !== undefined && holder.state !== 'forgotten') {
      const reason = `the name ${name} is bound to the key of another machine, which is ${holder.state}; give that one another name first`;
      return Promise.resolve({ type: 'machine-cannot', reason });
    }
    if (holder !== undefined) {
      machines.forget(holder.publicKey);
      return this.#change({ ...machine, clientId: holder.clientId, state: 'approved' }, tellApproved);
    }
    const unit = units.findUnbound({ id: undefined, name, address });
    if (unit === undefined) {
      const free = units.freeName(name, machine.clientId);
      return this.#change({ ...machine, name: free, state: 'approved' }, tellApproved);
    }
    const { clientId } = unit;
    const approved = this.#change({ ...machine, clientId, name: unit.name, state: 'approved' }, tellApproved);
    this.#expel(clientId, 'the name is bound to a key from now on; register with it');
    return approved;
  }

  #change(machine: MachineRecord, tell: Tell): Promise<MachineOutcome> {
    this.#options.machines.put(machine);
    return this.#stored(machine, tell);
  }

  async #stored(machine: MachineRecord, tell: Tell): Promise<MachineOutcome> {
    const { commit, report } = this.#options;
    if (!(await commit())) return { type: 'store-unavailable' };
    const { clientId, name, publicKey } = machine;
    tell(report, { unit: name, client_id: clientId, key: publicKey });
    return { type: 'done', machine: viewOf(machine) };
  }

  #whyNotCalled(name: string, { state, clientId }: MachineRecord): string | undefined {
    if (state === 'pending') return 'it waits for approval, and has no name yet; approve it first';
    if (state === 'forgotten') return 'it was forgotten; approve it first, or another one in its place';
    if (!isName(name)) return 'a name is 1 to 48 bytes, without control characters';
    return this.#options.units.isTaken(name, clientId) ? `there is another ${name}` : undefined;
  }

  /** Ends the connection of the unit, where it has one. */
  #expel(clientId: string, words: string): void {
    this.#options.units.get(clientId)?.peer?.input({ type: 'expelled', words });
  }
}

function viewOf({
  clientId,
  name,
  publicKey,
  state,
  firstSeenMs,
  lastSeenMs,
  peer,
  tokenId,
}: MachineRecord): MachineView {
  const [first, last] = [firstSeenMs, lastSeenMs].map((ms) => new Date(ms).toISOString());
  return {
    client_id: clientId,
    name,
    key: publicKey,
    state,
    first_seen: first ?? '',
    last_seen: last ?? '',
    peer,
    token: tokenId ?? null,
  };
}
