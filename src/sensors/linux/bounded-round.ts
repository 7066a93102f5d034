import { unreachable } from '../../core/assert.ts';
import type { Clock } from '../../core/clock.ts';
import type { SlowCall, SlowCalls } from './slow-calls.ts';

/** Takes what became of a call, once, or never where it hangs. */
export type Settle<Answer> = (outcome: Outcome<Answer>) => void;

export interface Call<Answer> {
  /** The same thing has the same key in every round. */
  readonly key: string;
  /** `quick` calls start at once; the others may hang, and wait for room among the slow calls. */
  readonly pace: 'quick' | 'local' | 'remote';
  /** Starts the call. */
  readonly start: (settle: Settle<Answer>) => void;
}

export type Outcome<Answer> =
  | { readonly type: 'answer'; readonly value: Answer }
  | { readonly type: 'error'; readonly error: Error }
  /** It was asked `forMs` ago, in this round or an earlier one, and has not answered; it is not asked again until it does. */
  | { readonly type: 'late'; readonly forMs: number }
  /** Other calls that hang have taken all the room. */
  | { readonly type: 'not-asked' };

export interface BoundedRoundOptions {
  readonly slowCalls: SlowCalls;
  readonly clock: Pick<Clock, 'monotonicMs' | 'after'>;
  /** How long a round waits for its last answer. */
  readonly timeoutMs: number;
}

interface Asked {
  readonly sinceMs: number;
  readonly round: number;
  readonly place: SlowCall | undefined;
}

/** Why there is no answer, for a person. */
export function reasonOf(outcome: Exclude<Outcome<unknown>, { readonly type: 'answer' }>): string {
  switch (outcome.type) {
    case 'error':
      return outcome.error.message;
    case 'late':
      return `no answer in ${(outcome.forMs / 1_000).toFixed(1)} s; it is asked again when that call returns`;
    case 'not-asked':
      return 'not asked, for other mounts or drives hang';
    default:
      return unreachable(outcome);
  }
}

/** Asks many things at once; one that hangs costs its own answer only, and the others no more than one time-out, once. */
export class BoundedRound<Answer> {
  readonly #options: BoundedRoundOptions;
  readonly #asked = new Map<string, Asked>();
  #number = 0;

  constructor(options: BoundedRoundOptions) {
    this.#options = options;
  }

  /** The outcomes in the order of `calls`: when all are there, or at the time-out. Keys differ. */
  ask(calls: readonly Call<Answer>[]): Promise<readonly Outcome<Answer>[]> {
    const { slowCalls, clock, timeoutMs } = this.#options;
    this.#number += 1;
    const round = this.#number;
    return new Promise((resolve) => {
      const outcomes: (Outcome<Answer> | undefined)[] = [];
      const withdrawals: (() => void)[] = [];
      // One more than the calls, so that answers that come at once do not end the round before all have been asked.
      let open = 1;
      const finish = (): void => {
        open = 0;
        cancelTimer();
        for (const withdraw of withdrawals) withdraw();
        for (const asked of this.#asked.values()) if (asked.round === round) asked.place?.hangs();
        resolve(calls.map(({ key }, index) => outcomes[index] ?? this.#unanswered(key)));
      };
      const settled = (): void => {
        open -= 1;
        if (open === 0) finish();
      };
      const cancelTimer = clock.after(timeoutMs, finish);
      for (const [index, call] of calls.entries()) {
        const { key, pace } = call;
        if (this.#asked.has(key) || (pace !== 'quick' && slowCalls.blocked(pace === 'remote'))) continue;
        open += 1;
        const start = (place?: SlowCall): void => {
          this.#asked.set(key, { sinceMs: clock.monotonicMs(), round, place });
          call.start((outcome) => {
            this.#asked.delete(key);
            place?.returned();
            outcomes[index] = outcome;
            if (open > 0) settled();
          });
        };
        if (pace === 'quick') start();
        else withdrawals.push(slowCalls.ask(pace === 'remote', start));
      }
      settled();
    });
  }

  #unanswered(key: string): Outcome<Answer> {
    const asked = this.#asked.get(key);
    if (asked === undefined) return { type: 'not-asked' };
    return { type: 'late', forMs: this.#options.clock.monotonicMs() - asked.sinceMs };
  }
}
