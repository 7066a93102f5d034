import type { Stage } from './stage.ts';

interface Wish {
  readonly seconds: number;
  /** `perhaps`: the operator was told that it failed, and yet the disk has it. */
  fate: 'asked' | 'accepted' | 'perhaps' | 'refused';
}

/** What the revisions of all units' intervals mean, who has seen them, and what operators were promised. */
export class IntervalBook {
  readonly #stage: Stage;
  readonly #seconds = new Map<string, number>();
  readonly #applied = new Set<string>();
  readonly #wishes = new Map<string, Wish[]>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** The server tells a unit this: a revision means one interval, and the same one for ever. */
  told(clientId: string, rev: unknown, seconds: unknown): void {
    if (typeof rev !== 'number' || typeof seconds !== 'number') return;
    const key = `${clientId} ${rev}`;
    const before = this.#seconds.get(key);
    this.#stage.check(
      before === undefined || before === seconds,
      () => `revision ${rev} of ${clientId} is ${seconds} s after it was ${before} s`,
    );
    this.#seconds.set(key, seconds);
  }

  /** A client takes it up. */
  applied(clientId: string, rev: number, seconds: number): void {
    const said = this.#seconds.get(`${clientId} ${rev}`);
    this.#stage.check(
      said === seconds,
      () => `${clientId} applies ${seconds} s as revision ${rev}, which is ${said} s`,
    );
    this.#applied.add(`${clientId} ${rev}`);
  }

  wasTold(clientId: string, rev: number): boolean {
    return this.#seconds.has(`${clientId} ${rev}`);
  }

  /** The server has it that the unit runs at this. */
  confirmed(clientId: string, rev: unknown, seconds: unknown): void {
    const key = `${clientId} ${String(rev)}`;
    this.#stage.check(
      this.#applied.has(key) && this.#seconds.get(key) === seconds,
      () => `${clientId} counts as at ${String(seconds)} s, revision ${String(rev)}, which no client has taken up`,
    );
  }

  /** An operator asks for an interval; call the result with what he was told. */
  asked(clientId: string, seconds: number): (told: Wish['fate']) => void {
    const wish: Wish = { seconds, fate: 'asked' };
    const wishes = this.#wishes.get(clientId) ?? [];
    this.#wishes.set(clientId, wishes);
    wishes.push(wish);
    return (told) => {
      wish.fate = told;
    };
  }

  /**
   * Whether a unit may be at `seconds`: the last interval that was accepted, or one that was asked for later and had no answer, or was
   * reported as failed by a disk that had taken it.
   */
  allows(clientId: string, seconds: number): boolean {
    const wishes = (this.#wishes.get(clientId) ?? []).filter(({ fate }) => fate !== 'refused');
    const last = wishes.findLastIndex(({ fate }) => fate === 'accepted');
    return last < 0 || wishes.slice(last).some((wish) => wish.seconds === seconds);
  }
}
