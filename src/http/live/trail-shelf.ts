import type { Fleet } from '../../server/contract.ts';
import type { Store } from '../../store/contract.ts';
import type { Clock } from '../../core/clock.ts';
import type { Places } from '../places.ts';
import { firstMinute, unitTrail } from './unit-trail.ts';

export interface TrailShelfOptions {
  readonly fleet: Pick<Fleet, 'glance'>;
  readonly store: Pick<Store, 'steps'>;
  readonly clock: Clock;
  /** For queries; shared by all who ask the store. */
  readonly places: Places;
  readonly keptMax: number;
}

/** The trails of this minute, made once for all readers: those that ask for one that is being made wait for it. */
export class TrailShelf {
  readonly #options: TrailShelfOptions;
  readonly #ending = new AbortController();
  #fromMs = Number.NaN;
  /** By `client_id`, as JSON. */
  #kept = new Map<string, Promise<string>>();

  constructor(options: TrailShelfOptions) {
    this.#options = options;
  }

  /** The answer, `Trails` as JSON, without units that are not known; undefined where too many queries are being answered. Rejects where the store cannot be read. */
  async trails(clientIds: readonly string[]): Promise<string | undefined> {
    const { clock, fleet, places } = this.#options;
    this.#turnTo(firstMinute(clock.wallMs()));
    const fromMs = this.#fromMs;
    const known = [...new Set(clientIds)].filter((clientId) => fleet.glance(clientId) !== undefined);
    const missing = known.filter((clientId) => !this.#kept.has(clientId));
    if (missing.length > 0 && places.full) return undefined;
    if (missing.length > 0) void this.#make(missing);
    const kept = known.map((clientId) => [clientId, this.#kept.get(clientId)] as const);
    const members: string[] = [];
    for (const [clientId, trail] of kept) members.push(`${JSON.stringify(clientId)}:${await trail}`);
    return `{"from":${fromMs},"step":60,"units":{${members.join()}}}`;
  }

  get hasEnded(): boolean {
    return this.#ending.signal.aborted;
  }

  end(): void {
    this.#ending.abort();
  }

  /** One after the other. What fails is asked for again by the next who wants it. */
  async #make(clientIds: readonly string[]): Promise<void> {
    const { fleet, store, places, keptMax } = this.#options;
    const [kept, fromMs] = [this.#kept, this.#fromMs];
    const wanted = clientIds.map((clientId) => ({ clientId, ...Promise.withResolvers<string>() }));
    for (const { clientId, promise } of wanted) {
      kept.set(clientId, promise);
      // Whoever asked for it hears of it; nobody may be left who did.
      promise.catch(() => kept.delete(clientId));
    }
    places.take();
    for (const { clientId, resolve, reject } of wanted) {
      const clockOffsetMs = fleet.glance(clientId)?.clockOffsetMs ?? null;
      try {
        resolve(await unitTrail(store, { clientId, fromMs, clockOffsetMs }, this.#ending.signal));
      } catch (error) {
        reject(error);
      }
    }
    places.leave();
    for (const clientId of kept.keys()) {
      if (kept.size <= keptMax) break;
      kept.delete(clientId);
    }
  }

  #turnTo(fromMs: number): void {
    if (fromMs === this.#fromMs) return;
    this.#fromMs = fromMs;
    this.#kept = new Map();
  }
}
