import { limits } from '../core/limits.ts';
import { framed } from '../framing/frame.ts';
import { refuse, type Answers } from './answers.ts';
import type { FailureCode } from './failure.ts';
import { parseProof } from './proof.ts';
import { parseRegistration } from './registration.ts';
import type { ServerAction } from './server-contract.ts';
import type { Left, State } from './server-state.ts';

/** What a frame or a word of the server leads to before the unit is live. */
export interface Step {
  readonly state: State;
  readonly action?: ServerAction;
  /** The connection ends. */
  readonly left?: Left;
}

/** The way of one connection from `!RGTR` to the outcome, with a challenge in between where the server wants one (protocol 3 and 6). */
export class Entrance {
  readonly #answers: Answers;
  #failures = 0;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** `!RGTR` has come. */
  register(state: State, data: string, nowMs: number): Step {
    const registration = state.name === 'new' ? parseRegistration(data) : 'this connection has registered already';
    if (typeof registration !== 'string') {
      this.#answers.await();
      const untilMs = nowMs + limits.registeringMsMax;
      const action = { type: 'register', registration, data } as const;
      return { state: { name: 'registering', registration, untilMs, left: undefined }, action };
    }
    this.#failures += 1;
    const action = refuse(this.#answers, 'bad-registration', registration);
    if (this.#failures < limits.registrationFailuresMax) return { state, action };
    return { state, action, left: { reason: `${this.#failures} bad registrations`, state: 'lost' } };
  }

  /** The server wants it proven; a client that has said `!DISC` meanwhile is not asked to wait for that. */
  challenge(state: State, nonce: string, nowMs: number): Step {
    if (state.name !== 'registering') return { state };
    const { registration, left } = state;
    this.#answers.settle(framed('!AUTH', nonce));
    const challenged = { name: 'challenged', registration, untilMs: nowMs + limits.proofMsMax } as const;
    return left === undefined ? { state: challenged } : { state: challenged, left };
  }

  /** `!AUTH` has come. */
  prove(state: State, data: string, nowMs: number): Step {
    if (state.name !== 'challenged') {
      return { state, action: refuse(this.#answers, 'unknown-command', 'no !AUTH was asked for') };
    }
    const proof = parseProof(data);
    if (proof === undefined) return this.#end(state, 'the data of !AUTH is not a key, a signature and perhaps a token');
    const { registration } = state;
    this.#answers.await();
    const untilMs = nowMs + limits.registeringMsMax;
    return { state: { name: 'registering', registration, untilMs, left: undefined }, action: { type: 'prove', proof } };
  }

  #end(state: State, words: string): Step {
    const code: FailureCode = 'not-allowed';
    const left = { reason: `${code}: ${words}`, state: 'lost' } as const;
    return { state, action: refuse(this.#answers, code, words), left };
  }
}
