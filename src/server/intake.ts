import type { Clock } from '../core/clock.ts';
import type { Loop } from '../core/loop.ts';
import { reasonOf } from '../core/system-error.ts';
import { limits } from '../core/limits.ts';
import type { GapChange } from '../core/gap.ts';
import type { UnitReading } from '../core/reading.ts';
import type { UnitRecord } from '../core/unit.ts';
import type { Store } from '../store/contract.ts';
import type { TurnOfReadings } from './acknowledgement-times.ts';
import type { Companions } from './companions.ts';
import { CommitPace, joinLittle, type Joining } from './commit-pace.ts';
import type { ServerCounts } from './contract.ts';
import { FreshReadings } from './fresh-readings.ts';
import { IntakeTally } from './intake-tally.ts';
import { Rests } from './rests.ts';
import type { Waiter } from './waiter.ts';

export interface IntakeOptions<One extends UnitReading> {
  readonly store: Store;
  readonly clock: Clock;
  readonly companions?: Companions;
  /** How much the store gains by larger commits; undefined: little. */
  readonly joining?: Joining;
  /** The loop, where it may rest between its turns; undefined: it never does. */
  readonly loop?: Loop;
  /** Asks for `turnHandled` and `turnOver` in this turn of the loop, even where nothing has arrived on any connection. */
  readonly turnBegins?: () => void;
  /** Runs a task after all input of this turn of the loop has been dealt with. */
  readonly defer: (task: () => void) => void;
  /** Readings that a commit has stored, without duplicates. Called after the acknowledgements are on their way. */
  readonly committed: (readings: readonly One[]) => void;
  /** A commit failed, with the store's words; or, undefined, one succeeded after that. */
  readonly trouble: (words: string | undefined) => void;
}

/** A timer is no more exact than this. */
const delayMsMin = 1;

interface Pending<One> {
  readonly readings: One[];
  readonly units: UnitRecord[];
  readonly gaps: GapChange[];
  readonly waiters: Waiter[];
  readonly turns: TurnOfReadings[];
}

/**
 * Group commit: joins what all units send into one batch, commits it, and only then lets it be acknowledged. One commit at a time; what
 * arrives meanwhile is the next batch. When one fails, what waits behind it fails too: a later reading of the same epoch that
 * got through would make the store take the earlier ones for duplicates when they come again.
 */
export class Intake<One extends UnitReading = UnitReading> {
  readonly #options: IntakeOptions<One>;
  #pending: Pending<One> = empty();
  #inHand = 0;
  #committing = false;
  #scheduled = false;
  readonly #pace: CommitPace;
  readonly #rests: Rests | undefined;
  /** Waiters that came in this turn of the loop. */
  #turnWaiters = 0;
  /** When the first of what is pending came. */
  #sinceMs = 0;
  #inTrouble = false;
  #idle: (() => void)[] = [];
  readonly #fresh: FreshReadings<One>;
  readonly #tally = new IntakeTally();
  /** When the readings of this turn of the loop came is noted. */
  #turnNoted = false;

  constructor(options: IntakeOptions<One>) {
    this.#options = options;
    this.#pace = new CommitPace(options.joining ?? joinLittle);
    const { clock, loop, defer, committed } = options;
    this.#fresh = new FreshReadings(defer, committed);
    this.#rests = loop === undefined ? undefined : new Rests({ clock, loop, pace: this.#pace });
  }

  /** It holds as many readings as it may. */
  get isFull(): boolean {
    return this.#pending.readings.length + this.#inHand >= limits.intakeReadingsMax;
  }

  addReading(reading: One, waiter: Waiter): void {
    if (!this.#turnNoted) this.#noteTurn();
    this.#pending.readings.push(reading);
    this.#await(waiter);
  }

  /** Readings with one outcome for all; there may be none. */
  addReadings(readings: readonly One[], waiter: Waiter): void {
    if (!this.#turnNoted) this.#noteTurn();
    for (const reading of readings) this.#pending.readings.push(reading);
    this.#await(waiter);
  }

  addUnit(unit: UnitRecord, waiter: Waiter): void {
    this.#pending.units.push(unit);
    this.#await(waiter);
  }

  addGap(gap: GapChange, waiter: Waiter): void {
    this.#pending.gaps.push(gap);
    this.#await(waiter);
  }

  /** What the companions of the next commit have changed. */
  addCompanions(waiter: Waiter): void {
    this.#await(waiter);
  }

  /** All that arrived in this turn of the loop has been taken in. What is to be stored goes before the loop rests, so that it is stored meanwhile. */
  turnHandled(): void {
    if (this.#rests?.mayCommit() === true && !this.#committing && this.#pending.waiters.length > 0) this.#commit();
  }

  /** The turn is over; returns after a rest, if there is one. */
  turnOver(): void {
    this.#turnNoted = false;
    this.#rests?.turnOver(this.#turnWaiters);
    this.#turnWaiters = 0;
  }

  counts(): Omit<ServerCounts, 'startedMs' | 'connections'> {
    return { ...this.#tally.view(), readingsWaiting: this.#pending.readings.length + this.#inHand };
  }

  /** Resolves when nothing is in hand. */
  idle(): Promise<void> {
    if (!this.#committing && this.#pending.waiters.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #await(waiter: Waiter): void {
    const { waiters } = this.#pending;
    waiters.push(waiter);
    this.#turnWaiters += 1;
    if (waiters.length === 1) this.#sinceMs = this.#options.clock.monotonicMs();
    waiter.window = this.#pace.arrived(waiter.window ?? 0);
    if (this.#committing) return;
    if (waiters.length >= this.#pace.joining.waitersMax) this.#commit();
    else this.#schedule();
  }

  #noteTurn(): void {
    this.#turnNoted = true;
    const { readings, turns } = this.#pending;
    turns.push({ arrivedMs: this.#options.clock.monotonicMs(), first: readings.length });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const { clock, defer } = this.#options;
    const delayMs = this.#leftMs();
    if (delayMs < delayMsMin) defer(this.#commitGathered);
    else clock.after(delayMs, this.#commitGathered);
  }

  readonly #commitGathered = (): void => {
    this.#scheduled = false;
    if (this.#committing || this.#pending.waiters.length === 0) return;
    // What it was set for may have gone at the end of a turn.
    if (this.#rests !== undefined && this.#rests.restMs > 0 && this.#leftMs() >= delayMsMin) this.#schedule();
    else this.#commit();
  };

  /** How long the pending batch is still gathered. Where the loop rests, the end of a turn comes first. */
  #leftMs(): number {
    const nowMs = this.#options.clock.monotonicMs();
    return this.#sinceMs + this.#pace.delayMs(nowMs) + (this.#rests?.restMs ?? 0) - nowMs;
  }

  #commit(): void {
    const { readings, units, gaps, waiters, turns } = this.#pending;
    this.#pending = empty();
    this.#turnNoted = false;
    this.#inHand = readings.length;
    this.#committing = true;
    this.#rests?.committed();
    const { store, clock, companions } = this.#options;
    const changes = companions?.changes() ?? {};
    store.append({ readings, units, gaps, ...changes }).then(
      ({ duplicates }) => {
        this.#settle();
        companions?.stored(changes);
        this.#tellStored(waiters);
        this.#tally.stored(readings.length, { duplicates: duplicates.length, turns, nowMs: clock.monotonicMs() });
        if (this.#inTrouble) this.#tell(undefined);
        this.#fresh.add(readings, duplicates);
        this.#next();
        // It was woken by the store's word: nothing else may have arrived.
        if (this.#rests !== undefined && this.#rests.restMs > 0) this.#options.turnBegins?.();
      },
      (error: unknown) => {
        const words = reasonOf(error);
        const behind = this.#pending.waiters;
        this.#pending = empty();
        this.#turnNoted = false;
        this.#tally.failed();
        this.#settle();
        companions?.failed();
        this.#tell(words);
        for (const waiter of [...waiters, ...behind]) waiter.failed(words);
        this.#next();
      },
    );
  }

  /** What one connection sent at once stands together: it is told all of it while it is in the processor's cache. */
  #tellStored(waiters: readonly Waiter[]): void {
    let index = 0;
    for (const waiter of waiters) {
      waiter.stored();
      index += 1;
      if (waiters[index] !== waiter) waiter.settled?.();
    }
  }

  #settle(): void {
    this.#committing = false;
    this.#inHand = 0;
  }

  #next(): void {
    if (this.#pending.waiters.length > 0) {
      this.#schedule();
      return;
    }
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  #tell(words: string | undefined): void {
    this.#inTrouble = words !== undefined;
    this.#options.trouble(words);
  }
}

function empty<One>(): Pending<One> {
  return { readings: [], units: [], gaps: [], waiters: [], turns: [] };
}
