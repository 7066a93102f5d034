import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { LiveFleet } from '../live/live-fleet.ts';
import { NameOrder } from './name-order.ts';
import { isByValues, nothingShown, shownOf, type Shown, type Wish } from './shown.ts';

/** As often as the server sends changes. */
const structureMs = 250;
/** Lines that change places more often cannot be read. */
const valuesMs = 2_000;
/** Lines keep their places for so long after the pointer has moved over them: nobody clicks on what jumps away. */
const holdMs = 1_500;

/** Sorts, filters and groups the fleet again: at once when something else is asked for, and no more often than can be read as the fleet changes. */
export class ShownFleet {
  readonly #fleet: LiveFleet;
  readonly #wish: ReadonlySignal<Wish>;
  readonly #shown = signal<Shown>(nothingShown);
  readonly #names = new NameOrder();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #heldUntilMs = 0;

  constructor({ fleet, wish }: { readonly fleet: LiveFleet; readonly wish: ReadonlySignal<Wish> }) {
    this.#fleet = fleet;
    this.#wish = wish;
  }

  get shown(): ReadonlySignal<Shown> {
    return this.#shown;
  }

  /** Follows the fleet; the result ends it. */
  follow(): () => void {
    const ends = [
      effect(() => {
        void this.#wish.value;
        void this.#fleet.filled.value;
        this.#sort();
      }),
      effect(() => {
        void this.#fleet.structure.value;
        this.#sortIn(structureMs);
      }),
      effect(() => {
        void this.#fleet.version.value;
        if (isByValues(this.#wish.value.sort)) this.#sortIn(valuesMs);
      }),
    ];
    return () => {
      for (const end of ends) end();
      this.#forgetTimer();
    };
  }

  /** Somebody is about to point at a line. */
  hold(): void {
    this.#heldUntilMs = Date.now() + holdMs;
  }

  #sortIn(delayMs: number): void {
    const dueMs = Date.now() + delayMs;
    if (dueMs >= this.#dueMs) return;
    clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#forgetTimer();
      if (Date.now() < this.#heldUntilMs) this.#sortIn(structureMs);
      else this.#sort();
    }, delayMs);
  }

  #sort(): void {
    this.#forgetTimer();
    const { rows } = this.#fleet;
    this.#shown.value = shownOf(this.#names.rows(rows), this.#wish.peek(), this.#fleet.nowMs());
  }

  #forgetTimer(): void {
    clearTimeout(this.#timer);
    this.#dueMs = Number.POSITIVE_INFINITY;
  }
}
