import { batch, signal, type ReadonlySignal } from '@preact/signals';
import { FleetRows } from '../../../src/api/fleet-rows.ts';
import type { FleetChanges, FleetRow, FleetSnapshot, LoggedEvent, ReadingView } from '../../../src/api/contract.ts';

/** How the page hears of the server. `sinceMs`: when it last heard, by this machine's clock. */
export type Link =
  | { readonly name: 'connecting' }
  | { readonly name: 'live' }
  | { readonly name: 'stale'; readonly sinceMs: number }
  | { readonly name: 'snapshot'; readonly madeMs: number };

const eventsMax = 200;

/** The fleet as the page knows it: rows by `client_id`, replaced, never changed, so that whoever draws one sees by identity whether it is the same. */
export class LiveFleet {
  readonly #fleet = new FleetRows();
  readonly #version = signal(0);
  readonly #structure = signal(0);
  readonly #filled = signal(false);
  readonly #link = signal<Link>({ name: 'connecting' });
  readonly #events = signal<readonly LoggedEvent[]>([]);
  readonly #readings = signal<readonly ReadingView[]>([]);
  #serverAheadMs = 0;

  /** Read `version` to be drawn again when any row has changed. */
  get rows(): ReadonlyMap<string, FleetRow> {
    return this.#fleet.rows;
  }

  /** Grows with every change, at most four times a second. */
  get version(): ReadonlySignal<number> {
    return this.#version;
  }

  /** Grows when more than values has changed: units that come or go, states, names, tags, intervals. */
  get structure(): ReadonlySignal<number> {
    return this.#structure;
  }

  /** Whether the fleet was ever taken: until then, no rows does not mean no units. */
  get filled(): ReadonlySignal<boolean> {
    return this.#filled;
  }

  get link(): ReadonlySignal<Link> {
    return this.#link;
  }

  /** The newest last, at most 200. */
  get events(): ReadonlySignal<readonly LoggedEvent[]> {
    return this.#events;
  }

  /** What the watched unit measured, as of the last change. */
  get readings(): ReadonlySignal<readonly ReadingView[]> {
    return this.#readings;
  }

  /** Now, by the server's clock: ages are told by it, so that this machine's clock may be wrong. In a page that was written to a file: when it was. */
  nowMs(): number {
    const link = this.#link.peek();
    return link.name === 'snapshot' ? link.madeMs : Date.now() + this.#serverAheadMs;
  }

  linked(link: Link): void {
    this.#link.value = link;
  }

  take(snapshot: FleetSnapshot): void {
    this.#setClock(snapshot.time);
    this.#fleet.take(snapshot);
    batch(() => {
      this.#filled.value = true;
      this.#structure.value += 1;
      this.#version.value += 1;
    });
  }

  change(changes: FleetChanges): void {
    const { time, rows, gone, events, readings } = changes;
    this.#setClock(time);
    const isOther = this.#fleet.change(changes);
    batch(() => {
      if (events.length > 0) this.#events.value = [...this.#events.value, ...events].slice(-eventsMax);
      if (readings !== undefined && readings.length > 0) this.#readings.value = readings;
      if (rows.length + gone.length > 0) this.#structure.value += 1;
      if (isOther) this.#version.value += 1;
    });
  }

  /** Another unit is watched, or none. */
  forgetReadings(): void {
    this.#readings.value = [];
  }

  /** Whoever is logged in is so no more: what they saw goes with them. */
  clear(): void {
    this.#fleet.take({ units: [] });
    batch(() => {
      this.#filled.value = false;
      this.#events.value = [];
      this.#readings.value = [];
      this.#structure.value += 1;
      this.#version.value += 1;
    });
  }

  #setClock(serverMs: number): void {
    this.#serverAheadMs = serverMs - Date.now();
  }
}
