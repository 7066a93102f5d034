import type { Clock } from '../core/clock.ts';
import { append } from '../core/short-list.ts';
import type { Machine } from '../session/machine.ts';
import type { Alarms, Sleeper } from './alarms.ts';

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
  readonly alarms: Alarms;
  readonly owner: RunnerOwner<Action>;
}

const noAlarm = -1;

/** Joins a machine to the clock: inputs one at a time, their actions in order, and a wake when it wants one. */
export class Runner<Input, Action> implements Sleeper {
  readonly #machine: Machine<Input | Wake, Action>;
  readonly #clock: Clock;
  readonly #owner: RunnerOwner<Action>;
  readonly #alarms: Alarms;
  /** Inputs that came while another was being dealt with; undefined for none, which is nearly always. */
  #waiting: (Input | Wake)[] | undefined;
  #busy = false;
  #stopped = false;
  /** The step at which it is woken: a small integer, where the time itself would be an object. */
  #alarm = noAlarm;

  constructor({ machine, clock, alarms, owner }: RunnerOptions<Input, Action>) {
    this.#machine = machine;
    this.#clock = clock;
    this.#alarms = alarms;
    this.#owner = owner;
  }

  input(input: Input | Wake): void {
    if (this.#busy) {
      this.#waiting = append(this.#waiting ?? [], input);
      return;
    }
    this.#busy = true;
    this.#handle(input);
    while (this.#waiting !== undefined) {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      for (const next of waiting) this.#handle(next);
    }
    this.#busy = false;
    if (!this.#stopped) this.#arm();
  }

  /** No input is dealt with any more, and no alarm is set. */
  stop(): void {
    this.#stopped = true;
    if (this.#alarm !== noAlarm) this.#alarms.cancel(this, this.#alarm);
    this.#alarm = noAlarm;
  }

  wake(): void {
    this.#alarm = noAlarm;
    const { deadlineMs } = this.#machine;
    if (deadlineMs !== undefined && this.#clock.monotonicMs() >= deadlineMs) this.input({ type: 'wake' });
    else if (!this.#stopped) this.#arm();
  }

  #handle(input: Input | Wake): void {
    if (this.#stopped) return;
    for (const action of this.#machine.handle(input, this.#clock.monotonicMs())) this.#owner.perform(action);
    this.#owner.settled();
  }

  /** A deadline moves on with every frame: an alarm that comes too early is cheaper than one set anew each time. */
  #arm(): void {
    const { deadlineMs } = this.#machine;
    if (deadlineMs === undefined) return;
    if (this.#alarm !== noAlarm) {
      if (this.#alarm <= this.#alarms.stepOf(deadlineMs)) return;
      this.#alarms.cancel(this, this.#alarm);
    }
    this.#alarm = this.#alarms.set(this, deadlineMs);
  }
}
