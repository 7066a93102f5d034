import type { Clock } from '../../src/core/clock.ts';
import type { Host } from './host.ts';
import type { Stage } from './stage.ts';

interface Timer {
  readonly dueMs: number;
  task: (() => void) | undefined;
}

/** Timers of the system come late, and by the other clock a little early. */
const timerLatenessMs = { from: -0.4, to: 1.6 };
/** The shortest delay that Node.js gives a timer. */
const timerMsMin = 1;

/** One run of a program on a host: its loop, its clock, its end. Whatever reaches the program comes through `run`. */
export class Process {
  readonly host: Host;
  readonly clock: Clock;
  readonly #stage: Stage;
  readonly #originMs: number;
  #alive = true;
  #stalled = false;
  #hasStalled = false;
  #wokeMs = Number.NEGATIVE_INFINITY;
  /** What waits for the end of a stall. A loop that goes on sees its timers first. */
  readonly #heldTimers: Timer[] = [];
  readonly #heldInputs: (() => void)[] = [];
  #timers = 0;
  readonly #ends: ((way: Ending) => void)[] = [];

  constructor(stage: Stage, host: Host) {
    this.#stage = stage;
    this.host = host;
    this.#originMs = stage.random.integer(0, 1e6);
    this.clock = {
      monotonicMs: () => this.#originMs + stage.nowMs,
      wallMs: () => Math.round(host.wallMs),
      after: (delayMs, task) => this.#after(delayMs, task),
    };
  }

  get alive(): boolean {
    return this.#alive;
  }

  get isStalled(): boolean {
    return this.#stalled;
  }

  /** It has only just gone on after it stood still. */
  get hasJustStalled(): boolean {
    return this.#stage.nowMs - this.#wokeMs < 20;
  }

  /** It has stood still at some time: then its timers prove nothing. */
  get hasStalled(): boolean {
    return this.#hasStalled;
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#timers;
  }

  /** Lets input reach the program: at once, after the stall, or never. */
  run(task: () => void): void {
    if (!this.#alive) return;
    if (this.#stalled) this.#heldInputs.push(task);
    else task();
  }

  /** As `setImmediate` does. */
  defer(task: () => void): void {
    this.#stage.timeline.after(0, () => {
      this.run(task);
    });
  }

  /** The loop stands still: a long collection, a machine that swaps, a laptop that sleeps. */
  stall(durationMs: number): void {
    if (!this.#alive || this.#stalled) return;
    this.#stalled = true;
    this.#hasStalled = true;
    this.#stage.timeline.after(durationMs, () => {
      this.wake();
    });
  }

  wake(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    this.#wokeMs = this.#stage.nowMs;
    const timers = this.#heldTimers.splice(0).toSorted((a, b) => a.dueMs - b.dueMs);
    for (const timer of timers) this.#stage.timeline.after(0, () => this.#fire(timer));
    for (const task of this.#heldInputs.splice(0)) this.#stage.timeline.after(0, () => this.run(task));
  }

  /** Ends at once, without a word of its own. */
  kill(way: Ending): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const end of this.#ends.splice(0)) end(way);
  }

  /** Calls `task` when the program ends: what the kernel does then. */
  onEnd(task: (way: Ending) => void): void {
    this.#ends.push(task);
  }

  #after(delayMs: number, task: () => void): () => void {
    const { random, timeline, nowMs } = this.#stage;
    const actualMs = Math.max(timerMsMin, delayMs) + random.between(timerLatenessMs.from, timerLatenessMs.to);
    const timer: Timer = { dueMs: nowMs + actualMs, task };
    this.#timers += 1;
    const cancel = timeline.after(actualMs, () => {
      this.#fire(timer);
    });
    return () => {
      if (timer.task === undefined) return;
      timer.task = undefined;
      this.#timers -= 1;
      cancel();
    };
  }

  #fire(timer: Timer): void {
    if (!this.#alive || timer.task === undefined) return;
    if (this.#stalled) {
      this.#heldTimers.push(timer);
      return;
    }
    const { task } = timer;
    timer.task = undefined;
    this.#timers -= 1;
    task();
  }
}

/** `exit`: the kernel closes its connections. `power`: nobody does. */
export type Ending = 'exit' | 'power';
