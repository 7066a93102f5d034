/**
 * libuv runs file system calls on four threads, and a call that the kernel never answers keeps its thread. Name look-ups need
 * them too, so of calls that may hang at most these many are under way at once.
 */
export const slowCallLimits = {
  /** Network and FUSE mounts, and drives' own thermometers: known to hang for minutes. */
  remoteMax: 2,
  /** Those and local file systems: one thread is always left. */
  allMax: 3,
} as const;

/** The place of one call that is under way. */
export interface SlowCall {
  /** It has been given up on: it keeps its place, but nobody waits for that place any more. */
  hangs(): void;
  /** It has returned; its place is free. */
  returned(): void;
}

interface Waiter {
  readonly remote: boolean;
  readonly start: (call: SlowCall) => void;
}

/** Lets calls that may hang start in their order, within `slowCallLimits`; one client has one of these. */
export class SlowCalls {
  readonly #waiting: Waiter[] = [];
  readonly #running = { remote: 0, all: 0 };
  readonly #hanging = { remote: 0, all: 0 };

  /** Whether calls that hang have taken all the room, so that waiting would be in vain. */
  blocked(remote: boolean): boolean {
    return this.#hanging.all >= slowCallLimits.allMax || (remote && this.#hanging.remote >= slowCallLimits.remoteMax);
  }

  /** Runs `start` as soon as there is room, perhaps at once. The result withdraws a wish that has not started. */
  ask(remote: boolean, start: (call: SlowCall) => void): () => void {
    const waiter: Waiter = { remote, start };
    this.#waiting.push(waiter);
    this.#advance();
    return () => {
      const index = this.#waiting.indexOf(waiter);
      if (index >= 0) this.#waiting.splice(index, 1);
    };
  }

  #advance(): void {
    while (this.#running.all < slowCallLimits.allMax) {
      const index = this.#waiting.findIndex(({ remote }) => !remote || this.#running.remote < slowCallLimits.remoteMax);
      const [waiter] = index < 0 ? [] : this.#waiting.splice(index, 1);
      if (waiter === undefined) return;
      waiter.start(this.#place(waiter.remote));
    }
  }

  #place(remote: boolean): SlowCall {
    let hanging = false;
    count(this.#running, remote, 1);
    return {
      hangs: () => {
        hanging = true;
        count(this.#hanging, remote, 1);
      },
      returned: () => {
        if (hanging) count(this.#hanging, remote, -1);
        count(this.#running, remote, -1);
        this.#advance();
      },
    };
  }
}

function count(calls: { remote: number; all: number }, remote: boolean, change: 1 | -1): void {
  calls.all += change;
  if (remote) calls.remote += change;
}
