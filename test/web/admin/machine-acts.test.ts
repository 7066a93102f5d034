import { describe, expect, test } from 'vitest';
import type { MachineView } from '../../../src/api/contract.ts';
import { actsOf, doneWords, inOrder, meaningOf, shortKey } from '../../../web/src/admin/machine-acts.ts';

function machine(changes: Partial<MachineView> = {}): MachineView {
  return {
    client_id: 'A',
    name: 'bench-03',
    key: 'Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7jKl0nOpQ',
    state: 'approved',
    first_seen: '2026-11-21T09:00:00.000Z',
    last_seen: '2026-11-21T10:00:00.000Z',
    peer: '192.0.2.7',
    token: null,
    ...changes,
  };
}

test('machines that wait come first, the others stay in their order', () => {
  const [a, b, c, d] = [
    machine({ client_id: 'a' }),
    machine({ client_id: 'b', state: 'pending' }),
    machine({ client_id: 'c', state: 'revoked' }),
    machine({ client_id: 'd', state: 'pending' }),
  ];
  expect(inOrder([a, b, c, d])).toEqual([b, d, a, c]);
});

test('only what the server would do is offered', () => {
  expect(actsOf({ state: 'pending' })).toEqual(['approve', 'forget']);
  expect(actsOf({ state: 'approved' })).toEqual(['rename', 'revoke', 'forget']);
  expect(actsOf({ state: 'revoked' })).toEqual(['approve', 'rename', 'forget']);
  expect(actsOf({ state: 'forgotten' })).toEqual(['approve', 'revoke']);
});

test('a short key is long enough for telemetryctl, which wants six characters', () => {
  expect(shortKey(machine().key)).toBe('Ab3dEf6hIj9l');
});

describe('to approve a machine that waits', () => {
  const waiting = machine({ client_id: 'W', state: 'pending' });
  const words = (all: readonly MachineView[]): string => meaningOf('approve', waiting, all).join(' ');

  test('says nothing of others where nobody else has the name', () => {
    expect(words([waiting, machine({ client_id: 'B', name: 'bench-04', state: 'forgotten' })])).not.toMatch(
      /takes over|other machine|Another/,
    );
  });

  test('says that it takes over what a forgotten machine of the name had', () => {
    expect(words([waiting, machine({ client_id: 'F', state: 'forgotten' })])).toMatch(/takes over the name bench-03/);
  });

  test('promises nothing of a machine that still has the name: the server refuses it then', () => {
    expect(words([waiting, machine({ client_id: 'H' }), machine({ client_id: 'I', state: 'revoked' })])).not.toMatch(
      /takes over|asks? for the name/,
    );
  });

  test('warns where others ask for the same name', () => {
    const rival = machine({ client_id: 'R', state: 'pending' });
    expect(words([waiting, rival])).toMatch(/Another machine asks for the name bench-03/);
    expect(words([waiting, rival, { ...rival, client_id: 'S' }])).toMatch(/2 other machines ask/);
  });
});

test('to forget one that waits is not told as to forget one that is served', () => {
  expect(meaningOf('forget', machine({ state: 'pending' }), []).join(' ')).toMatch(/tries again once a minute/);
  expect(meaningOf('forget', machine(), []).join(' ')).toMatch(/No other machine gets the name bench-03 by itself/);
});

test('a machine that is revoked or forgotten says by its state what its approval means', () => {
  expect(meaningOf('approve', machine({ state: 'revoked' }), []).join(' ')).toMatch(/served again/);
  expect(meaningOf('approve', machine({ state: 'forgotten' }), []).join(' ')).toMatch(/key counts again/);
});

test('what was done is told with the names that it had and has', () => {
  const [before, after] = [machine(), machine({ name: 'lab-3' })];
  expect(doneWords('rename', before, after)).toBe('bench-03 is called lab-3 now.');
  expect(doneWords('approve', machine({ state: 'pending' }), machine({ name: 'bench-03-2' }))).toBe(
    'bench-03-2 is approved.',
  );
  expect(doneWords('forget', machine({ state: 'pending' }), before)).toBe('bench-03 is off the list.');
  expect(doneWords('forget', before, before)).toBe('bench-03 is forgotten.');
  expect(doneWords('revoke', before, before)).toMatch(/revoked/);
});
