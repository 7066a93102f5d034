import { signal, type ReadonlySignal } from '@preact/signals';
import type { Trails as TrailsAnswer } from '../../../src/api/contract.ts';
import { Trail } from './trail.ts';

export interface TrailsOptions {
  readonly ask: (clientIds: readonly string[]) => Promise<TrailsAnswer>;
  /** Milliseconds, of a clock that only has to go. */
  readonly nowMs: () => number;
}

/** At most this many units are asked for at once: the server's bound. */
const unitsARequestMax = 64;
/** A trail misses what came while its row was out of sight, so it is asked for again. */
const freshMs = 120_000;
const afterFailureMs = 15_000;
const keptMax = 1_024;

/** The trails of the rows that are seen. One request at a time, and the rows that are seen when it is done are what the next one is for. */
export class Trails {
  readonly #options: TrailsOptions;
  readonly #kept = new Map<string, { readonly trail: Trail; readonly askedMs: number }>();
  readonly #version = signal(0);
  #wanted: readonly string[] = [];
  #busy = false;
  #restUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: TrailsOptions) {
    this.#options = options;
  }

  /** Grows when trails have come. */
  get version(): ReadonlySignal<number> {
    return this.#version;
  }

  of(clientId: string): Trail | undefined {
    return this.#kept.get(clientId)?.trail;
  }

  /** Says which units are seen. Resolves when nothing more is to be asked for now. */
  async want(clientIds: readonly string[]): Promise<void> {
    this.#wanted = clientIds;
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let missing = this.#missing(); missing.length > 0; missing = this.#missing()) await this.#ask(missing);
    } finally {
      this.#busy = false;
    }
  }

  #missing(): readonly string[] {
    const nowMs = this.#options.nowMs();
    if (nowMs < this.#restUntilMs) return [];
    return this.#wanted
      .filter((id) => nowMs - (this.#kept.get(id)?.askedMs ?? Number.NEGATIVE_INFINITY) >= freshMs)
      .slice(0, unitsARequestMax);
  }

  async #ask(clientIds: readonly string[]): Promise<void> {
    const askedMs = this.#options.nowMs();
    try {
      const answer = await this.#options.ask(clientIds);
      for (const id of clientIds) {
        // Those that were asked for last are at the end of the map.
        this.#kept.delete(id);
        this.#kept.set(id, { trail: new Trail(answer, id), askedMs });
      }
      for (const id of this.#kept.keys()) {
        if (this.#kept.size <= keptMax) break;
        this.#kept.delete(id);
      }
      this.#version.value += 1;
    } catch {
      // Spark lines are worth no notice: the link's own state tells when the server is away. They are tried again.
      this.#restUntilMs = this.#options.nowMs() + afterFailureMs;
    }
  }
}
