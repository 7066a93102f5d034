import type { Stage } from './stage.ts';

export type Direction = 'to-server' | 'to-client';

/** What a way through the network is like. */
export interface Quality {
  readonly latencyMs: { readonly from: number; readonly to: number };
  /** The longest piece that arrives at once. */
  readonly pieceBytesMax: number;
  /** Bytes under way and unread by the receiver, at most. */
  readonly windowBytes: number;
  /** Bytes that a program may have unsent before it is told to wait. */
  readonly highWaterBytes: number;
  readonly datagramLoss: number;
  readonly datagramCopies: number;
  /** A datagram may be under way as long as that, and be overtaken. */
  readonly datagramDelayMs: number;
}

/** A network in good health: what is promised within a bound is promised on this. */
export const goodQuality: Quality = {
  latencyMs: { from: 1, to: 40 },
  pieceBytesMax: 65_536,
  windowBytes: 65_536,
  highWaterBytes: 65_536,
  datagramLoss: 0,
  datagramCopies: 0,
  datagramDelayMs: 40,
};

/** How long it takes until what was held up is sent again: the pause before a retransmission. */
const retransmitMs = { from: 20, to: 3_000 };

/** The way between one host and the server, shared by all that goes there. */
export class Path {
  quality: Quality = goodQuality;
  /** What becomes of a dial. */
  dials: 'connect' | 'refused' | 'hang' = 'connect';
  readonly #stage: Stage;
  readonly #blocked = new Set<Direction>();
  readonly #waiting: (() => void)[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  isBlocked(direction: Direction): boolean {
    return this.#blocked.has(direction);
  }

  block(direction: Direction): void {
    this.#blocked.add(direction);
  }

  /** Everything gets through again. */
  heal(): void {
    this.#blocked.clear();
    this.dials = 'connect';
    const delayMs = this.#stage.random.between(retransmitMs.from, retransmitMs.to);
    for (const task of this.#waiting.splice(0)) this.#stage.timeline.after(delayMs, task);
  }

  /** Lets `task` happen after the latency, or, where the way is blocked then, some time after that ends. */
  carry(direction: Direction, task: () => void, delayMs = this.latencyMs()): void {
    this.#stage.timeline.after(delayMs, () => {
      if (this.#blocked.has(direction)) this.#waiting.push(() => this.carry(direction, task, 0));
      else task();
    });
  }

  latencyMs(): number {
    const { from, to } = this.quality.latencyMs;
    return this.#stage.random.between(from, to);
  }
}
