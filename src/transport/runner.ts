import type { Clock } from '../core/clock.ts';
import type { Machine } from '../session/machine.ts';

interface Wake {
  readonly type: 'wake';
}

/** Whose machine it is. */
export interface RunnerOwner<Action> {
  perform(action: Action): void;
  /** Called after each input has been dealt with. */
  settled(): void;
}

export interface RunnerOptions<Input, Action> {
  readonly machine: Machine<Input | Wake, Action>;
  readonly clock: Clock;
  readonly owner: RunnerOwner<Action>;
}

/** Joins a machine to the clock: inputs one at a time, their actions in order, and a wake when it wants one. */
export class Runner<Input, Action> {
  readonly #machine: Machine<Input | Wake, Action>;
  readonly #clock: Clock;
  readonly #owner: RunnerOwner<Action>;
  /** Inputs that came while another was being dealt with. */
  readonly #waiting: (Input | Wake)[] = [];
  #busy = false;
  #stopped = false;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #cancelTimer: () => void = nothing;

  constructor({ machine, clock, owner }: RunnerOptions<Input, Action>) {
    this.#machine = machine;
    this.#clock = clock;
    this.#owner = owner;
  }

  input(input: Input | Wake): void {
    if (this.#stopped) return;
    if (this.#busy) {
      this.#waiting.push(input);
      return;
    }
    this.#busy = true;
    this.#handle(input);
    while (this.#waiting.length > 0 && !this.#stopped) {
      const next = this.#waiting.shift();
      if (next !== undefined) this.#handle(next);
    }
    this.#busy = false;
    if (!this.#stopped) this.#arm();
  }

  /** No input is dealt with any more, and no timer runs. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  #handle(input: Input | Wake): void {
    for (const action of this.#machine.handle(input, this.#clock.monotonicMs())) this.#owner.perform(action);
    this.#owner.settled();
  }

  /** A deadline moves on with every frame: a timer that comes too early is cheaper than one set anew each time. */
  #arm(): void {
    const { deadlineMs } = this.#machine;
    if (deadlineMs === undefined || this.#timerAtMs <= deadlineMs) return;
    this.#cancelTimer();
    this.#timerAtMs = deadlineMs;
    this.#cancelTimer = this.#clock.after(Math.max(0, deadlineMs - this.#clock.monotonicMs()), () => {
      this.#timerAtMs = Number.POSITIVE_INFINITY;
      this.#wake();
    });
  }

  #wake(): void {
    const { deadlineMs } = this.#machine;
    if (deadlineMs !== undefined && this.#clock.monotonicMs() >= deadlineMs) this.input({ type: 'wake' });
    else if (!this.#stopped) this.#arm();
  }
}

function nothing(): void {}
