import type { Clock } from '../core/clock.ts';
import type { Machine } from '../session/machine.ts';

interface Wake {
  readonly type: 'wake';
}

export interface RunnerOptions<Input, Action> {
  readonly machine: Machine<Input | Wake, Action>;
  readonly clock: Clock;
  readonly perform: (action: Action) => void;
  /** Called after each input has been dealt with. */
  readonly settled?: () => void;
}

/** Joins a machine to the clock: inputs one at a time, their actions in order, and a wake when it wants one. */
export class Runner<Input, Action> {
  readonly #options: RunnerOptions<Input, Action>;
  /** Inputs that came while another was being dealt with. */
  readonly #waiting: (Input | Wake)[] = [];
  #busy = false;
  #stopped = false;
  #timer: { readonly atMs: number; readonly cancel: () => void } | undefined;

  constructor(options: RunnerOptions<Input, Action>) {
    this.#options = options;
  }

  input(input: Input | Wake): void {
    if (this.#stopped) return;
    if (this.#busy) {
      this.#waiting.push(input);
      return;
    }
    this.#busy = true;
    let next: Input | Wake | undefined = input;
    while (next !== undefined && !this.#stopped) {
      this.#handle(next);
      next = this.#waiting.shift();
    }
    this.#busy = false;
    if (!this.#stopped) this.#arm();
  }

  /** No input is dealt with any more, and no timer runs. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #handle(input: Input | Wake): void {
    const { machine, clock, perform, settled } = this.#options;
    for (const action of machine.handle(input, clock.monotonicMs())) perform(action);
    settled?.();
  }

  /** A deadline moves on with every frame: a timer that comes too early is cheaper than one set anew each time. */
  #arm(): void {
    const { machine, clock } = this.#options;
    const { deadlineMs } = machine;
    if (deadlineMs === undefined || (this.#timer !== undefined && this.#timer.atMs <= deadlineMs)) return;
    this.#timer?.cancel();
    const cancel = clock.after(Math.max(0, deadlineMs - clock.monotonicMs()), () => {
      this.#timer = undefined;
      this.#wake();
    });
    this.#timer = { atMs: deadlineMs, cancel };
  }

  #wake(): void {
    const { machine, clock } = this.#options;
    const { deadlineMs } = machine;
    if (deadlineMs !== undefined && clock.monotonicMs() >= deadlineMs) this.input({ type: 'wake' });
    else if (!this.#stopped) this.#arm();
  }
}
