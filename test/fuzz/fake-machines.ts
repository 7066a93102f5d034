import type { JoinTokens, JoinTokenView, Machines, MachineView } from '../../src/server/contract.ts';

const machine: MachineView = {
  client_id: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
  name: 'bench-03',
  key: 'A'.repeat(43),
  state: 'approved',
  first_seen: '2026-11-21T10:00:00.000Z',
  last_seen: '2026-11-21T10:00:00.000Z',
  peer: '192.0.2.7',
  token: null,
};

const token: JoinTokenView = {
  id: 'abcdefgh',
  state: 'valid',
  uses: 0,
  uses_max: 1,
  created: '2026-11-21T10:00:00.000Z',
  expires: '2026-11-21T11:00:00.000Z',
};

type Outcome = Awaited<ReturnType<Machines['approve']>>;

async function changed(clientId: string): Promise<Outcome> {
  return clientId === machine.client_id ? { type: 'done', machine } : { type: 'no-such-machine' };
}

/** One machine, of which every change is as good as done. */
export const fakeMachines: Machines = {
  machines: () => [machine],
  approve: changed,
  revoke: changed,
  forget: changed,
  rename: changed,
};

/** One join token; new ones are all the same. */
export const fakeTokens: JoinTokens = {
  tokens: () => [token],
  newToken: async () => ({ type: 'made', token: 'B'.repeat(22), view: token }),
  revokeToken: async (id) => (id === token.id ? { type: 'done', view: token } : { type: 'no-such-token' }),
};
