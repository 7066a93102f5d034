import { unreachable } from '../core/assert.ts';
import type { AuthPolicy, MachineState } from '../core/machine.ts';
import type { FailureCode } from '../session/failure.ts';

/** Who asks to be registered, and who holds what it asks for. */
export interface Applicant {
  readonly v: 1 | 2;
  /** It says that it holds a key. */
  readonly hasKey: boolean;
  readonly isLoopback: boolean;
  readonly isTls: boolean;
  /** The key, other than a proven one, to which the name is bound, and the one to which the id is: what became of them; undefined: there is none. */
  readonly nameHeld: Held | undefined;
  readonly idHeld: Held | undefined;
  /** Undefined: nothing yet. */
  readonly proven: Proven | undefined;
}

/** A machine whose name and id are its own, or were. */
export type Held = Exclude<MachineState, 'pending'>;

/** What an answer to a challenge has proven. */
export interface Proven {
  /** Of its key; undefined: the key is new. */
  readonly machine: MachineState | undefined;
  /** The machine's unit asked for another name before. */
  readonly isRenaming: boolean;
  readonly token: 'none' | 'valid' | 'invalid';
}

/** `own`: the unit of its key. `bind`: the unit that it finds, or a new one, which is its key's from now on. `unbound`: likewise, and nobody's. */
export type Admission =
  | { readonly type: 'challenge' }
  | { readonly type: 'serve'; readonly unit: 'own' | 'bind' | 'unbound'; readonly usesToken: boolean }
  | {
      readonly type: 'refuse';
      readonly code: Extract<FailureCode, 'not-allowed' | 'pending'>;
      readonly words: string;
      /** The token that it presented is to let nobody in any more. */
      readonly spoilsToken: boolean;
    };

/** Who is registered, and as whose unit (protocol 3 and 6). The key decides; without one, nobody gets what is bound to one. */
export function admit(applicant: Applicant, { mode, v1 }: AuthPolicy): Admission {
  const { v, proven, isTls, isLoopback, nameHeld } = applicant;
  if (proven !== undefined) return admitKey(proven, applicant, mode);
  if (v === 2) return isAsked(applicant, mode) ? { type: 'challenge' } : serve('unbound');
  if (isTls) return notAllowed('version 1 of the protocol is served on the plain listener only');
  if (v1 === 'deny' || (v1 === 'loopback' && !isLoopback)) {
    return notAllowed('version 1 of the protocol has no keys, and auth.v1 does not let it in from here');
  }
  return nameHeld === undefined ? serve('unbound') : notAllowed(boundName);
}

/** Whether a client of version 2 has to prove who it is. Those of others, which have no key, are served where that takes nothing from anybody. */
function isAsked({ isTls, hasKey, nameHeld, idHeld }: Applicant, mode: AuthPolicy['mode']): boolean {
  const everybody = isTls || mode === 'approve' || mode === 'token';
  return everybody || hasKey || nameHeld !== undefined || idHeld !== undefined;
}

function admitKey(
  { machine, isRenaming, token }: Proven,
  { isTls, nameHeld, idHeld }: Applicant,
  mode: AuthPolicy['mode'],
): Admission {
  // Everybody on the way may have read it.
  if (token !== 'none' && !isTls) return { ...notAllowed(spoiltToken), spoilsToken: true };
  if (machine === 'approved') return isRenaming && nameHeld !== undefined ? notAllowed(boundName) : serve('own');
  if (machine === 'revoked') return notAllowed('this machine was revoked; ask the operator of the server');
  if (token === 'invalid')
    return notAllowed('the join token is unknown, used up, revoked or expired; ask for a new one');
  if (machine === 'forgotten') return pending;
  if (isServed(nameHeld)) return notAllowed(boundName);
  if (isServed(idHeld))
    return notAllowed('the id is bound to the key of another machine; delete the state of this one');
  // A join token stands for a new machine, and not for the place of one that was forgotten.
  if (nameHeld === 'forgotten' || idHeld === 'forgotten') return pending;
  if (token === 'valid') return { type: 'serve', unit: 'bind', usesToken: true };
  switch (mode) {
    case 'open':
      return serve('unbound');
    case 'tofu':
      return serve('bind');
    case 'approve':
      return pending;
    case 'token':
      return notAllowed('new machines need a join token; ask for one, and run telemetry-client join with it');
    default:
      return unreachable(mode);
  }
}

/** Nobody but the holder gets it, whatever an operator says of others. */
function isServed(held: Held | undefined): boolean {
  return held === 'approved' || held === 'revoked';
}

function serve(unit: 'own' | 'bind' | 'unbound'): Admission {
  return { type: 'serve', unit, usesToken: false };
}

function notAllowed(words: string): Extract<Admission, { type: 'refuse' }> {
  return { type: 'refuse', code: 'not-allowed', words, spoilsToken: false };
}

const boundName =
  'the name is bound to the key of another machine; choose another one, or ask the operator of the server';
const spoiltToken = 'a join token was sent without TLS, where others can read it, and is revoked; ask for a new one';
const pending: Admission = {
  type: 'refuse',
  code: 'pending',
  words: 'this machine waits until an operator approves it',
  spoilsToken: false,
};
