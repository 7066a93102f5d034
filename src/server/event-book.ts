import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import type { Fields, Log } from '../core/log.ts';
import type { UnitEventRecord } from '../core/unit-event.ts';
import type { Feed, HubEvent } from './contract.ts';
import { EventRate } from './event-rate.ts';

/**
 * What a person wants to see at a unit's chart: events of docs/errors.md that say why its readings are as they are. What comes with every reading or round (`reading`, `bad-reading`), and what
 * passes by itself (`late`, `online`), would push them out.
 */
const marks: ReadonlySet<string> = new Set([
  'clock-off',
  'clock-right',
  'disconnected',
  'duplicate-identity',
  'interval-confirmed',
  'interval-wanted',
  'lost',
  'machine-approved',
  'machine-bound',
  'machine-forgotten',
  'machine-pending',
  'machine-renamed',
  'machine-revoked',
  'registered',
  'tags-changed',
  'text',
]);

/** Events are gathered for so long: each unit's lie in a place of their own in the store, and a storm of registrations would write these places once a commit. */
const waitMsMax = 1_000;
/** Events that wait for the store, while that takes nothing; the oldest go first. 10,000 units that are lost and come back, and 16 MiB. */
const waitingMax = 32_768;
/** How often it is said that some were not kept. */
const tellEveryMs = 60_000;

type Listener = Parameters<Feed['subscribe']>[0];

export interface EventBookOptions {
  readonly clock: Clock;
  readonly report: Log;
  /** Has the next commit take what waits, also where nothing else is to be stored. */
  readonly commit: () => void;
}

/** Sees to it that what happens to units is stored: what a second brings with one commit, or, where that fails, with a later one. Nobody waits for it. */
export class EventBook implements Listener {
  readonly #options: EventBookOptions;
  readonly #rate: EventRate;
  /** With the commit that is under way. */
  #inHand: readonly UnitEventRecord[] = [];
  #waiting: UnitEventRecord[] = [];
  #cancel: (() => void) | undefined;
  /** What waits goes with the next commit. */
  #isDue = false;
  #isClosed = false;
  #leftOut = 0;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(options: EventBookOptions) {
    this.#options = options;
    this.#rate = new EventRate(options.clock);
  }

  /** Something happened: what is a mark is kept. */
  event({ timeMs, event, fields }: HubEvent): void {
    if (!marks.has(event)) return;
    const { unit: _, client_id: clientId, ...others } = fields;
    if (typeof clientId !== 'string') return;
    if (!this.#rate.allows(clientId, event)) {
      // That these are told once a minute is their way, and nothing to tell anybody.
      if (event !== 'text') this.#leaveOut();
      return;
    }
    this.#waiting.push({ clientId, timeMs, event, details: detailsOf(others) });
    if (this.#waiting.length > waitingMax) {
      this.#waiting.shift();
      this.#leaveOut();
    }
    this.#schedule();
  }

  /** These are stored by then. */
  readings(): void {}

  /** Of a unit, what the store may not have yet; oldest first. */
  unstored(clientId: string, fromMs: number, toMs: number): readonly UnitEventRecord[] {
    const all = this.#inHand.length === 0 ? this.#waiting : [...this.#inHand, ...this.#waiting];
    return all.filter((one) => one.clientId === clientId && one.timeMs >= fromMs && one.timeMs < toMs);
  }

  /** What the next commit is to store. */
  changes(): readonly UnitEventRecord[] {
    if (this.#isDue) {
      this.#inHand = this.#waiting;
      this.#waiting = [];
      this.#isDue = false;
    }
    return this.#inHand;
  }

  /** The commit with them is through. */
  stored(): void {
    this.#inHand = [];
  }

  failed(): void {
    if (this.#inHand.length === 0) return;
    const all = [...this.#inHand, ...this.#waiting];
    this.#inHand = [];
    this.#waiting = all.slice(-waitingMax);
    this.#isDue = true;
    for (let count = this.#waiting.length; count < all.length; count += 1) this.#leaveOut();
  }

  /** The store may take again what it did not take before. */
  retry(): void {
    if (this.#waiting.length > 0) this.#schedule();
  }

  /** Has what waits stored now, and what still happens without waiting for company. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#flush();
  }

  #schedule(): void {
    if (this.#isClosed) this.#flush();
    else this.#cancel ??= this.#options.clock.after(waitMsMax, this.#flush);
  }

  readonly #flush = (): void => {
    this.#cancel = undefined;
    if (this.#waiting.length === 0) return;
    this.#isDue = true;
    this.#options.commit();
  };

  #leaveOut(): void {
    this.#leftOut += 1;
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#toldMs < tellEveryMs) return;
    this.#toldMs = nowMs;
    const count = this.#leftOut;
    this.#leftOut = 0;
    this.#options.report('warn', 'events-dropped', { count });
  }
}

/** Without those that are not there. */
function detailsOf(fields: Fields): UnitEventRecord['details'] {
  const details: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) details[name] = value;
  return details;
}

/** What the store has and what it may not have yet, each once: the newest that are kept of a unit, oldest first. */
export function joinEvents(
  stored: readonly UnitEventRecord[],
  unstored: readonly UnitEventRecord[],
): readonly UnitEventRecord[] {
  if (unstored.length === 0) return stored;
  const keyOf = (one: UnitEventRecord): string => JSON.stringify([one.timeMs, one.event, one.details]);
  const known = new Set(stored.map(keyOf));
  const all = [...stored, ...unstored.filter((one) => !known.has(keyOf(one)))];
  return all.toSorted((one, other) => one.timeMs - other.timeMs).slice(-limits.eventsAUnitMax);
}
