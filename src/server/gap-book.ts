import type { GapChange, GapRecord } from '../core/gap.ts';
import type { GapKeeper } from './gap-keeper.ts';
import type { Intake } from './intake.ts';

/** Sees to it that gaps are stored: each change with the batch that tells of it, or, where that fails, with a later one. */
export class GapBook implements GapKeeper {
  readonly #intake: Pick<Intake, 'addGap'>;
  /** The newest change of each gap that is not stored yet, by number. */
  readonly #inHand = new Map<number, GapChange>();
  readonly #failed = new Map<number, GapChange>();
  #number = 0;

  constructor(intake: Pick<Intake, 'addGap'>) {
    this.#intake = intake;
  }

  /** Numbers begin after `number`, the highest that is stored. */
  restore(number: number): void {
    this.#number = number;
  }

  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  keep(gap: GapRecord): void {
    this.#write({ clientId: gap.clientId, number: gap.number, gap });
  }

  forget({ clientId, number }: GapRecord): void {
    this.#write({ clientId, number, gap: undefined });
  }

  /** The store may take again what it did not take before. */
  retry(): void {
    if (this.#failed.size === 0) return;
    const changes = [...this.#failed.values()];
    this.#failed.clear();
    for (const change of changes) this.#write(change);
  }

  #write(change: GapChange): void {
    const { number } = change;
    this.#failed.delete(number);
    this.#inHand.set(number, change);
    this.#intake.addGap(change, {
      stored: () => {
        if (this.#inHand.get(number) === change) this.#inHand.delete(number);
      },
      failed: () => {
        if (this.#inHand.get(number) === change) this.#failed.set(number, change);
      },
    });
  }
}
