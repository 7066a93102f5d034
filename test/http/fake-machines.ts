import type { JoinTokens, JoinTokenView, MachineOutcome, Machines, MachineView } from '../../src/server/contract.ts';
import { startMs } from './fake-hub.ts';

/** A machine with everything, changed by `changes`. */
export function machineView(changes: Partial<MachineView> = {}): MachineView {
  return {
    client_id: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
    name: 'bench-03',
    key: 'Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7jKl0nOpQ',
    state: 'pending',
    first_seen: '2026-11-21T09:00:00.000Z',
    last_seen: '2026-11-21T10:00:00.000Z',
    peer: '192.0.2.7',
    token: null,
    ...changes,
  };
}

export const joinToken = 'q1w2e3r4t5y6u7i8o9p0a_s-d1f2g3h4';

export function joinTokenView(changes: Partial<JoinTokenView> = {}): JoinTokenView {
  return {
    id: 'kX3_9aQz',
    state: 'valid',
    uses: 0,
    uses_max: 1,
    created: '2026-11-21T10:00:00.000Z',
    expires: '2026-11-21T11:00:00.000Z',
    ...changes,
  };
}

/** Machines and join tokens in memory: those that a test puts in, and what was asked of them. */
export class FakeMachines implements Machines, JoinTokens {
  readonly all = new Map<string, MachineView>();
  readonly made: JoinTokenView[] = [];
  readonly asked: string[] = [];
  /** Given, it answers the next changes instead of the fake. */
  outcome: (() => Promise<Exclude<MachineOutcome, { type: 'done' }>>) | undefined;
  /** Given, it answers the next wish for a token. */
  newOutcome: (() => ReturnType<JoinTokens['newToken']>) | undefined;

  constructor(...machines: readonly MachineView[]) {
    for (const machine of machines) this.all.set(machine.client_id, machine);
  }

  machines(): readonly MachineView[] {
    return [...this.all.values()];
  }

  approve(clientId: string): Promise<MachineOutcome> {
    return this.#change('approve', clientId, { state: 'approved' });
  }

  revoke(clientId: string): Promise<MachineOutcome> {
    return this.#change('revoke', clientId, { state: 'revoked' });
  }

  forget(clientId: string): Promise<MachineOutcome> {
    return this.#change('forget', clientId, { state: 'forgotten' });
  }

  rename(clientId: string, name: string): Promise<MachineOutcome> {
    return this.#change(`rename ${name}`, clientId, { name });
  }

  tokens(): readonly JoinTokenView[] {
    return this.made;
  }

  async newToken({ usesMax, expiresMs }: Parameters<JoinTokens['newToken']>[0]): ReturnType<JoinTokens['newToken']> {
    this.asked.push(`new ${usesMax} ${expiresMs - startMs}`);
    if (this.newOutcome !== undefined) return this.newOutcome();
    const view = joinTokenView({ uses_max: usesMax, expires: new Date(expiresMs).toISOString() });
    this.made.unshift(view);
    return { type: 'made', token: joinToken, view };
  }

  async revokeToken(id: string): ReturnType<JoinTokens['revokeToken']> {
    this.asked.push(`revoke ${id}`);
    const index = this.made.findIndex((one) => one.id === id);
    const found = this.made[index];
    if (found === undefined) return { type: 'no-such-token' };
    const view: JoinTokenView = { ...found, state: 'revoked' };
    this.made[index] = view;
    return { type: 'done', view };
  }

  async #change(what: string, clientId: string, changes: Partial<MachineView>): Promise<MachineOutcome> {
    this.asked.push(`${what} ${clientId}`);
    if (this.outcome !== undefined) return this.outcome();
    const found = this.all.get(clientId);
    if (found === undefined) return { type: 'no-such-machine' };
    const machine = { ...found, ...changes };
    this.all.set(clientId, machine);
    return { type: 'done', machine };
  }
}
