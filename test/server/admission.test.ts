import { describe, expect, test } from 'vitest';
import type { AuthPolicy, MachineState } from '../../src/core/machine.ts';
import { admit, type Applicant, type Held, type Proven } from '../../src/server/admission.ts';

const modes = ['open', 'tofu', 'approve', 'token'] as const;
const stranger: Applicant = {
  v: 2,
  hasKey: false,
  isLoopback: false,
  isTls: false,
  nameHeld: undefined,
  idHeld: undefined,
  proven: undefined,
};
const newKey: Proven = { machine: undefined, isRenaming: false, token: 'none' };

/** In a word or two. */
function judged(applicant: Partial<Applicant>, policy: Partial<AuthPolicy>): string {
  const admission = admit({ ...stranger, ...applicant }, { mode: 'tofu', v1: 'allow', ...policy });
  if (admission.type === 'challenge') return 'challenge';
  if (admission.type === 'refuse') return `${admission.code}${admission.spoilsToken ? ' and the token is spoilt' : ''}`;
  return `${admission.unit}${admission.usesToken ? ' by token' : ''}`;
}

/** The same in every mode, in their order. */
function inModes(applicant: Partial<Applicant>): readonly string[] {
  return modes.map((mode) => judged(applicant, { mode }));
}

function proven(more: Partial<Proven>, applicant: Partial<Applicant> = {}): Partial<Applicant> {
  return { isTls: true, ...applicant, proven: { ...newKey, ...more } };
}

const everywhere = (word: string): readonly string[] => modes.map(() => word);

describe('a client of version 2', () => {
  test('without a key is served at once where that takes nothing from anybody, and is asked elsewhere', () => {
    expect(inModes({})).toEqual(['unbound', 'unbound', 'challenge', 'challenge']);
  });

  test('over TLS is always asked', () => {
    expect(inModes({ isTls: true })).toEqual(everywhere('challenge'));
  });

  test('that says that it holds a key is asked', () => {
    expect(inModes({ hasKey: true })).toEqual(everywhere('challenge'));
  });

  test.each<Held>(['approved', 'revoked', 'forgotten'])(
    'that asks for a name or an id of a key that is %s is asked',
    (held) => {
      expect(inModes({ nameHeld: held })).toEqual(everywhere('challenge'));
      expect(inModes({ idHeld: held })).toEqual(everywhere('challenge'));
    },
  );
});

describe('a new key', () => {
  test.each<MachineState | undefined>([undefined, 'pending'])(
    '(%s) is bound, waits, or is refused as the mode has it',
    (machine) => {
      expect(inModes(proven({ machine }))).toEqual(['unbound', 'bind', 'pending', 'not-allowed']);
      expect(inModes(proven({ machine }, { isTls: false }))).toEqual(['unbound', 'bind', 'pending', 'not-allowed']);
    },
  );

  test.each<MachineState | undefined>([undefined, 'pending'])(
    '(%s) with a valid join token is bound in every mode',
    (machine) => {
      expect(inModes(proven({ machine, token: 'valid' }))).toEqual(everywhere('bind by token'));
    },
  );

  test('with a join token that is not valid is refused in every mode', () => {
    expect(inModes(proven({ token: 'invalid' }))).toEqual(everywhere('not-allowed'));
  });

  test.each<Held>(['approved', 'revoked'])(
    'does not get the name or the id of a key that is %s, token or not',
    (held) => {
      for (const token of ['none', 'valid'] as const) {
        expect(inModes(proven({ token }, { nameHeld: held }))).toEqual(everywhere('not-allowed'));
        expect(inModes(proven({ token }, { idHeld: held }))).toEqual(everywhere('not-allowed'));
        expect(inModes(proven({ token }, { idHeld: held, nameHeld: 'forgotten' }))).toEqual(everywhere('not-allowed'));
      }
    },
  );

  test('waits in every mode for the name or the id of a machine that was forgotten, token or not', () => {
    for (const token of ['none', 'valid'] as const) {
      expect(inModes(proven({ token }, { nameHeld: 'forgotten' }))).toEqual(everywhere('pending'));
      expect(inModes(proven({ token }, { idHeld: 'forgotten' }))).toEqual(everywhere('pending'));
    }
  });
});

describe('a key that is known', () => {
  test('and approved gets its own unit, whatever the mode, the id and the token are', () => {
    for (const token of ['none', 'valid', 'invalid'] as const) {
      expect(inModes(proven({ machine: 'approved', token }))).toEqual(everywhere('own'));
      expect(inModes(proven({ machine: 'approved', token }, { idHeld: 'approved' }))).toEqual(everywhere('own'));
    }
  });

  test.each<Held>(['approved', 'revoked', 'forgotten'])(
    'and approved does not take a name that is bound to a key that is %s',
    (held) => {
      const wish = { machine: 'approved', isRenaming: true } as const;
      expect(inModes(proven(wish, { nameHeld: held }))).toEqual(everywhere('not-allowed'));
      expect(inModes(proven(wish))).toEqual(everywhere('own'));
    },
  );

  test('and approved keeps the name that an operator gave it, though the one that it asks for is bound meanwhile', () => {
    expect(inModes(proven({ machine: 'approved' }, { nameHeld: 'approved' }))).toEqual(everywhere('own'));
  });

  test('and revoked is refused, token or not', () => {
    for (const token of ['none', 'valid'] as const) {
      expect(inModes(proven({ machine: 'revoked', token }))).toEqual(everywhere('not-allowed'));
    }
  });

  test('and forgotten waits, whatever it asks for, token or not', () => {
    for (const token of ['none', 'valid'] as const) {
      expect(inModes(proven({ machine: 'forgotten', token }))).toEqual(everywhere('pending'));
    }
    expect(inModes(proven({ machine: 'forgotten', token: 'invalid' }))).toEqual(everywhere('not-allowed'));
  });
});

test.each<MachineState | undefined>([undefined, 'pending', 'approved', 'revoked', 'forgotten'])(
  'a join token without TLS is refused and spoilt, whoever sends it (%s)',
  (machine) => {
    const spoilt = everywhere('not-allowed and the token is spoilt');
    expect(inModes(proven({ machine, token: 'valid' }, { isTls: false }))).toEqual(spoilt);
    expect(inModes(proven({ machine, token: 'invalid' }, { isTls: false }))).toEqual(spoilt);
  },
);

describe('a client of version 1', () => {
  const policies = ['allow', 'loopback', 'deny'] as const;
  const byPolicy = (applicant: Partial<Applicant>): readonly string[] =>
    policies.map((v1) => judged({ v: 1, ...applicant }, { v1 }));

  test('is served where auth.v1 says so, in every mode', () => {
    expect(byPolicy({})).toEqual(['unbound', 'not-allowed', 'not-allowed']);
    expect(byPolicy({ isLoopback: true })).toEqual(['unbound', 'unbound', 'not-allowed']);
    expect(inModes({ v: 1 })).toEqual(everywhere('unbound'));
  });

  test('is served on plain TCP only', () => {
    expect(byPolicy({ isTls: true, isLoopback: true })).toEqual(['not-allowed', 'not-allowed', 'not-allowed']);
  });

  test.each<Held>(['approved', 'revoked', 'forgotten'])('gets no name that is bound to a key that is %s', (held) => {
    expect(byPolicy({ nameHeld: held, isLoopback: true })).toEqual(['not-allowed', 'not-allowed', 'not-allowed']);
  });
});
