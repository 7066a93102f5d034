import { unreachable } from '../../../src/core/assert.ts';
import type { MachineView } from '../../../src/api/contract.ts';

export type MachineAct = 'approve' | 'rename' | 'revoke' | 'forget';

/** What may be done with a machine in its state, as docs/operating.md has it. */
const actsByState: Readonly<Record<MachineView['state'], readonly MachineAct[]>> = {
  pending: ['approve', 'forget'],
  approved: ['rename', 'revoke', 'forget'],
  revoked: ['approve', 'rename', 'forget'],
  forgotten: ['approve', 'revoke'],
};

export function actsOf({ state }: Pick<MachineView, 'state'>): readonly MachineAct[] {
  return actsByState[state];
}

/** Those that wait come first, then by name, as the server has them. */
export function inOrder(machines: readonly MachineView[]): readonly MachineView[] {
  return [...machines.filter(isPending), ...machines.filter((machine) => !isPending(machine))];
}

export function isPending({ state }: Pick<MachineView, 'state'>): boolean {
  return state === 'pending';
}

/** The beginning of a key, long enough to tell machines apart, and to give to telemetryctl. */
export function shortKey(key: string): string {
  return key.slice(0, 12);
}

/** What an act means for this machine, in sentences; `all`: the machines that there are. */
export function meaningOf(
  act: Exclude<MachineAct, 'rename'>,
  machine: MachineView,
  all: readonly MachineView[],
): readonly string[] {
  switch (act) {
    case 'approve':
      return approval(machine, all);
    case 'revoke':
      return [
        'For a machine that was stolen, or has gone wrong. It is disconnected at once and served no more.',
        'Its name, its history and its client_id stay its own, and are served to nobody. Readings that it holds and has not sent stay on it. To approve it takes this back.',
      ];
    case 'forget':
      return isPending(machine)
        ? ['It goes off the list. While its client runs it tries again once a minute, and is then listed anew.']
        : [
            'For a machine that has a new disk, or is gone. It is disconnected at once, and its key counts no more.',
            `No other machine gets the name ${machine.name} by itself: the next that asks for it waits here, and takes over name and history when you approve it.`,
          ];
    default:
      return unreachable(act);
  }
}

function approval(machine: MachineView, all: readonly MachineView[]): readonly string[] {
  if (machine.state === 'revoked') return ['It is served again, under its name and with its history.'];
  if (machine.state === 'forgotten') return ['Its key counts again: it is served under its name and with its history.'];
  const others = all.filter(({ client_id, name }) => name === machine.name && client_id !== machine.client_id);
  const rivals = others.filter(isPending).length;
  const successor = others.some(({ state }) => state === 'forgotten');
  return [
    'It is served from now on. It asks once a minute, so it may take that long until its readings come.',
    ...(successor ? [`It takes over the name ${machine.name} and all history of the machine that was forgotten.`] : []),
    ...(rivals > 0
      ? [
          `${rivals === 1 ? 'Another machine asks' : `${rivals} other machines ask`} for the name ${machine.name} as well. Be sure that this is the right one.`,
        ]
      : []),
    'Compare the key with the one that the client on the machine has logged (event machine-key-made).',
  ];
}

/** What was done, for people. */
export function doneWords(act: MachineAct, before: MachineView, after: MachineView): string {
  switch (act) {
    case 'approve':
      return `${after.name} is approved.`;
    case 'rename':
      return `${before.name} is called ${after.name} now.`;
    case 'revoke':
      return `${after.name} is revoked, and served no more.`;
    case 'forget':
      return isPending(before) ? `${before.name} is off the list.` : `${after.name} is forgotten.`;
    default:
      return unreachable(act);
  }
}
