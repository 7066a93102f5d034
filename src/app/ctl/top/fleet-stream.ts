import { setTimeout } from 'node:timers/promises';
import type { FleetChanges, FleetSnapshot } from '../../../api/contract.ts';
import { FleetRows } from '../../../api/fleet-rows.ts';
import { backoffMs } from '../../../core/backoff.ts';
import { CodedError } from '../../../core/coded-error.ts';
import type { ApiClient } from '../api-client.ts';
import { eventsOf } from '../event-connection.ts';
import { localTimes } from '../local-times.ts';
import type { Patience } from '../patience.ts';

/** A fleet of 30,000 units in one event. */
const eventCharactersMax = 16_777_216;
const path = 'api/v1/fleet/stream';

export interface FleetStreamOptions {
  readonly patience: Patience;
  readonly ended: AbortSignal;
  /** Something has changed. */
  readonly changed: () => void;
}

/** The fleet as the server streams it, until `ended`. Connects anew by itself. */
export class FleetStream {
  readonly #rows = new FleetRows();
  readonly #options: FleetStreamOptions;
  #serverAheadMs = 0;
  /** How many events came. */
  #heard = 0;
  #heardMs: number | undefined;
  /** Why nothing new comes. */
  #trouble: string | undefined;

  constructor(options: FleetStreamOptions) {
    this.#options = options;
  }

  get rows(): FleetRows['rows'] {
    return this.#rows.rows;
  }

  /** For people: since when nothing new comes, and why; undefined while it does. */
  get stale(): string | undefined {
    const trouble = this.#trouble;
    if (this.#heardMs === undefined) return trouble === undefined ? 'connecting' : `trying again: ${trouble}`;
    if (trouble === undefined) return undefined;
    const times = localTimes({ fromMs: this.#heardMs, toMs: Date.now() + 1, stepMs: 1_000 });
    return `STALE since ${times.exact(this.#heardMs)}, trying again: ${trouble}`;
  }

  /** The server's clock, milliseconds since 1970. */
  nowMs(): number {
    return Date.now() + this.#serverAheadMs;
  }

  /** Resolves or rejects when `ended`. Rejects where the first connection does not come about. */
  async follow(api: ApiClient): Promise<void> {
    const { ended, patience, changed } = this.#options;
    const open = (): Promise<ReadableStream<Uint8Array>> => api.stream(path, 'text/event-stream', ended);
    let opened: ReadableStream<Uint8Array> | undefined = await api.retry(open);
    let failures = 0;
    while (!ended.aborted) {
      const heard = this.#heard;
      try {
        await this.#read(opened ?? (await open()));
        this.#trouble = 'the server has ended the stream';
      } catch (error) {
        this.#trouble = reasonOf(error);
      }
      opened = undefined;
      changed();
      // A server that lets everybody in and says nothing is asked no more often than one that is away.
      failures = this.#heard > heard ? 0 : failures + 1;
      const { reconnectFirstMs: firstMs, reconnectMsMax: maxMs } = patience;
      const pauseMs = backoffMs(failures, { firstMs, maxMs, random: Math.random });
      await setTimeout(pauseMs, undefined, { signal: ended });
    }
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<void> {
    const { ended, patience, changed } = this.#options;
    const { fleet, fleetChanges } = await import('../api-answers.ts');
    for await (const events of eventsOf(stream, patience.silenceMsMax, eventCharactersMax)) {
      if (ended.aborted) return;
      for (const { name, data } of events) {
        const content = jsonOf(data);
        if (name === 'fleet') {
          check(fleet, content);
          const snapshot = content as FleetSnapshot;
          this.#rows.take(snapshot);
          this.#hear(snapshot.time);
        } else if (name === 'changes') {
          check(fleetChanges, content);
          const changes = content as FleetChanges;
          this.#rows.change(changes);
          this.#hear(changes.time);
        }
      }
      if (events.length > 0) changed();
    }
  }

  #hear(serverMs: number): void {
    this.#heard += 1;
    this.#heardMs = Date.now();
    this.#serverAheadMs = serverMs - this.#heardMs;
    this.#trouble = undefined;
  }
}

/** Throws CodedError `api-not-telemetry` for what is no such event. */
function check(schema: { safeParse(content: unknown): { readonly success: boolean } }, content: unknown): void {
  if (schema.safeParse(content).success) return;
  const message = 'what came is no fleet; is the server as new as telemetryctl?';
  throw new CodedError('api-not-telemetry', message);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema says that this is no such event.
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
