import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Committed, Feed, Fleet, HubEvent } from '../../server/contract.ts';
import type { HttpLimits } from '../http-limits.ts';
import { mayListen } from '../may-listen.ts';
import type { Places } from '../places.ts';
import { EventRing } from './event-ring.ts';
import { FleetBook } from './fleet-book.ts';
import { snapshotJson } from './fleet-events.ts';
import { FleetPost, nothing } from './fleet-post.ts';
import type { FleetReader } from './fleet-reader.ts';
import { bytesOf, type JsonPieces } from './json-list.ts';
import { UnitTails } from './unit-tails.ts';

export interface FleetStreamsOptions {
  readonly fleet: Pick<Fleet, 'ids' | 'glance'>;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly limits: HttpLimits;
  /** Shared by all kinds of event streams. */
  readonly places: Places;
}

type Awaiting = 'turn' | 'sending' | 'beat' | 'sleep';

/**
 * All readers of the fleet's stream. What happens only marks units; a moment later each of them is looked at once, and what has changed becomes one text for all readers. Nothing is marked while nobody
 * listens, nor has listened for a while.
 */
export class FleetStreams {
  readonly #options: FleetStreamsOptions;
  readonly #book: FleetBook;
  readonly #ring: EventRing;
  readonly #tails: UnitTails;
  readonly #post: FleetPost;
  /** With whether they may still listen. */
  readonly #readers = new Map<FleetReader, () => boolean>();
  readonly #visitors: ((rows: JsonPieces | undefined) => void)[] = [];
  /** By what each waits for, cancels it. */
  readonly #timers = new Map<Awaiting, () => void>();
  #unsubscribe: (() => void) | undefined;
  #isDue = false;
  #isWorking = false;
  #isEnding = false;
  /** Something beside the units has happened since the last tick. */
  #hasNews = false;
  readonly #ended = Promise.withResolvers<void>();

  constructor(options: FleetStreamsOptions) {
    const { fleet, clock, limits } = options;
    this.#options = options;
    this.#book = new FleetBook(fleet, limits.fleetSliceUnits);
    this.#ring = new EventRing(limits.fleetEventsMax);
    this.#tails = new UnitTails(limits.fleetReadingsMax);
    // Numbers of one run mean nothing to the next.
    const run = randomBytes(4).toString('hex');
    this.#post = new FleetPost({ run, clock, book: this.#book, ring: this.#ring, tails: this.#tails });
  }

  get full(): boolean {
    return this.#isEnding || this.#options.places.full;
  }

  /** The tick of an `id` of this run; undefined where it is none. */
  tickOf(id: string | undefined): number | undefined {
    return this.#post.tickOf(id);
  }

  /** `isAllowed` is asked with every heartbeat; a reader that may not listen any more is ended. */
  add(reader: FleetReader, isAllowed: () => boolean): void {
    this.#options.places.take();
    this.#readers.set(reader, isAllowed);
    this.#wake();
    if (reader.clientId !== undefined) this.#tails.watch(reader.clientId, this.#book.tick + 1);
    if (!this.#timers.has('beat')) this.#later('beat', this.#options.limits.heartbeatMs, () => this.#beat());
    void this.#work();
  }

  remove(reader: FleetReader): void {
    if (!this.#readers.delete(reader)) return;
    reader.left();
    this.#options.places.leave();
    if (reader.clientId !== undefined) this.#tails.leave(reader.clientId, this.#options.clock.monotonicMs());
    if (this.#readers.size > 0) return;
    if (this.#isEnding) this.#ended.resolve();
    else this.#rest();
  }

  /** It has taken what was on its way: the time to tell what it has missed. */
  drained(reader: FleetReader): void {
    reader.drained();
    if (!reader.isReady) return;
    if (reader.position === undefined) void this.#work();
    else if (reader.position.tick < this.#book.tick) this.#arm();
  }

  /** The fleet as it is, a `FleetSnapshot` as JSON; undefined where the streams have ended. */
  async snapshot(): Promise<Buffer | undefined> {
    this.#wake();
    const rows = await new Promise<JsonPieces | undefined>((resolve) => {
      this.#visitors.push(resolve);
      void this.#work();
    });
    if (rows === undefined) return undefined;
    if (this.#readers.size === 0) this.#rest();
    return Buffer.concat(bytesOf(snapshotJson(this.#options.clock.wallMs(), rows)));
  }

  /** Ends all streams; resolves when their readers have taken the end or were cut. */
  end(): Promise<void> {
    this.#isEnding = true;
    this.#sleep();
    for (const reader of this.#readers.keys()) reader.end();
    if (this.#readers.size === 0) this.#ended.resolve();
    return this.#ended.promise;
  }

  #event(event: HubEvent): void {
    const clientId = event.fields['client_id'];
    if (typeof clientId === 'string') this.#book.mark(clientId);
    // Those are for who looks for a fault in the program.
    if (event.level !== 'debug') {
      this.#ring.add(event, this.#book.tick + 1);
      this.#hasNews = true;
    }
    this.#arm();
  }

  #readings({ readings }: Committed): void {
    let last: string | undefined;
    for (const { clientId } of readings) {
      if (clientId !== last) this.#book.mark(clientId);
      last = clientId;
    }
    if (!this.#tails.isEmpty) {
      for (const reading of readings) this.#hasNews = this.#tails.take(reading, this.#book.tick + 1) || this.#hasNews;
    }
    this.#arm();
  }

  /** One turn a moment from now, whatever else happens until then. */
  #arm(): void {
    if (this.#readers.size === 0 || this.#timers.has('turn')) return;
    this.#later('turn', this.#options.limits.fleetBatchMs, () => {
      this.#isDue = true;
      void this.#work();
    });
  }

  /** Turns, and what new readers want to hear first, one after the other. */
  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    while (!this.#isEnding && (this.#isDue || this.#newReaders().length > 0 || this.#visitors.length > 0)) {
      // While others listen, what the book says is a moment old at most, and they are told no sooner for a new one.
      const isIdle = [...this.#readers.keys()].every(({ position }) => position === undefined);
      if (this.#isDue || isIdle || this.#book.isUntold) await this.#turn();
      for (const reader of this.#newReaders()) await this.#post.welcome(reader);
      if (this.#visitors.length === 0) continue;
      const rows = await this.#post.rows();
      // What was forgotten meanwhile is missing from them.
      if (this.#isEnding) break;
      for (const resolve of this.#visitors.splice(0)) resolve(rows);
    }
    this.#isWorking = false;
    // Of whom there are any only where all has ended.
    for (const resolve of this.#visitors.splice(0)) resolve(undefined);
  }

  #newReaders(): readonly FleetReader[] {
    return [...this.#readers.keys()].filter(({ position, isReady }) => position === undefined && isReady);
  }

  async #turn(): Promise<void> {
    this.#isDue = false;
    const changes = await this.#book.look();
    const isTold = changes !== undefined || this.#hasNews || this.#book.isUntold;
    if (isTold) this.#book.tick += 1;
    this.#hasNews = false;
    await this.#post.deliver(this.#readers.keys(), isTold ? (changes ?? nothing) : undefined);
    this.#watchSending();
  }

  /** How often an interval was sent changes without a word: while one is under way, its unit is looked at again. */
  #watchSending(): void {
    if (!this.#book.isAnySending || this.#readers.size === 0 || this.#timers.has('sending')) return;
    this.#later('sending', this.#options.limits.fleetSendingMs, () => {
      if (this.#book.markSending()) this.#arm();
    });
  }

  #beat(): void {
    const { clock, limits } = this.#options;
    for (const [reader, isAllowed] of this.#readers) {
      if (mayListen(isAllowed)) reader.beat();
      else reader.end();
    }
    this.#tails.prune(clock.monotonicMs() - limits.fleetKeptMs);
    // What changed without a word, were there any such thing, is seen here.
    this.#book.markAll();
    this.#arm();
    if (this.#readers.size > 0) this.#later('beat', limits.heartbeatMs, () => this.#beat());
  }

  #wake(): void {
    this.#cancel('sleep');
    if (this.#unsubscribe !== undefined || this.#isEnding) return;
    this.#book.begin();
    this.#unsubscribe = this.#options.feed.subscribe({
      event: (event) => this.#event(event),
      readings: (committed) => this.#readings(committed),
    });
  }

  /** Nobody listens. Whoever comes back soon is told what has changed. */
  #rest(): void {
    for (const what of ['turn', 'sending', 'beat'] as const) this.#cancel(what);
    this.#later('sleep', this.#options.limits.fleetKeptMs, () => this.#sleep());
  }

  #sleep(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    for (const what of this.#timers.keys()) this.#cancel(what);
    this.#book.forget();
    this.#ring.clear();
    this.#tails.clear();
  }

  #cancel(what: Awaiting): void {
    this.#timers.get(what)?.();
    this.#timers.delete(what);
  }

  #later(what: Awaiting, delayMs: number, task: () => void): void {
    this.#cancel(what);
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(what);
      task();
    });
    this.#timers.set(what, cancel);
  }
}
