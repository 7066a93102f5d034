import type { Clock } from '../core/clock.ts';
import type { Committed, Feed, HubEvent } from '../server/contract.ts';
import { takes, takesAll } from './event-filter.ts';
import { dataOfEvent, dataOfReading, serverSentEvent } from './event-lines.ts';
import type { EventReader } from './event-reader.ts';
import type { HttpLimits } from './http-limits.ts';
import { mayListen } from './may-listen.ts';
import type { Places } from './places.ts';

/** All readers of the event stream, fed by one subscription. Every event is formatted once at most, whatever the number of readers. */
export class EventStreams {
  /** With whether they may still listen. */
  readonly #readers = new Map<EventReader, () => boolean>();
  readonly #clock: Clock;
  readonly #limits: HttpLimits;
  /** Shared by all kinds of event streams. */
  readonly #places: Places;
  readonly #unsubscribe: () => void;
  #cancelBeat: () => void;
  #nextId = 1;
  #state: 'open' | 'ending' = 'open';
  readonly #ended = Promise.withResolvers<void>();

  constructor(feed: Feed, { clock, limits, places }: { clock: Clock; limits: HttpLimits; places: Places }) {
    this.#clock = clock;
    this.#places = places;
    this.#limits = limits;
    this.#unsubscribe = feed.subscribe({
      event: (event) => this.#event(event),
      readings: (committed) => this.#readings(committed),
    });
    this.#cancelBeat = clock.after(limits.heartbeatMs, () => this.#beat());
  }

  get full(): boolean {
    return this.#state === 'ending' || this.#places.full;
  }

  /** `isAllowed` is asked with every heartbeat; a reader that may not listen any more is ended. */
  add(reader: EventReader, isAllowed: () => boolean): void {
    this.#places.take();
    this.#readers.set(reader, isAllowed);
  }

  remove(reader: EventReader): void {
    if (this.#readers.delete(reader)) this.#places.leave();
    if (this.#state === 'ending' && this.#readers.size === 0) this.#ended.resolve();
  }

  /** Its buffer is empty: the time to tell what it has missed. */
  drained(reader: EventReader): void {
    const count = reader.drained();
    if (count === 0) return;
    const dropped: HubEvent = { timeMs: this.#clock.wallMs(), level: 'warn', event: 'dropped', fields: { count } };
    reader.event(serverSentEvent(this.#nextId++, 'dropped', dataOfEvent(dropped)));
  }

  /** Ends all streams; resolves when their readers have taken the end or were cut. */
  end(): Promise<void> {
    this.#state = 'ending';
    this.#unsubscribe();
    this.#cancelBeat();
    for (const reader of this.#readers.keys()) reader.end();
    if (this.#readers.size === 0) this.#ended.resolve();
    return this.#ended.promise;
  }

  #event(event: HubEvent): void {
    const id = this.#nextId++;
    if (this.#readers.size === 0) return;
    const unit = { name: event.fields['unit'], clientId: event.fields['client_id'] };
    let line: string | undefined;
    for (const reader of this.#readers.keys()) {
      if (!takes(reader.filter, event.event, unit)) continue;
      line ??= serverSentEvent(id, event.event, dataOfEvent(event));
      reader.event(line);
    }
  }

  #readings({ timeMs, readings }: Committed): void {
    if (this.#readers.size === 0) {
      this.#nextId += readings.length;
      return;
    }
    const time = new Date(timeMs).toISOString();
    for (let start = 0; start < readings.length; start += this.#limits.streamChunkReadings) {
      this.#chunk(time, readings.slice(start, start + this.#limits.streamChunkReadings));
    }
  }

  #chunk(time: string, readings: Committed['readings']): void {
    const firstId = this.#nextId;
    this.#nextId += readings.length;
    const lines: (string | undefined)[] = [];
    const line = (index: number, reading: Committed['readings'][number]): string =>
      (lines[index] ??= serverSentEvent(firstId + index, 'reading', dataOfReading(time, reading)));
    let whole: Buffer | undefined;
    for (const reader of this.#readers.keys()) {
      if (takesAll(reader.filter)) {
        // Bytes, not text: all readers' sockets then share one copy.
        whole ??= Buffer.from(readings.map((reading, index) => line(index, reading)).join(''));
        reader.readings(whole, readings.length);
      } else {
        const wanted = readings.flatMap((reading, index) =>
          takes(reader.filter, 'reading', { name: reading.unit, clientId: reading.clientId })
            ? line(index, reading)
            : [],
        );
        if (wanted.length > 0) reader.readings(wanted.join(''), wanted.length);
      }
    }
  }

  #beat(): void {
    this.#cancelBeat = this.#clock.after(this.#limits.heartbeatMs, () => this.#beat());
    for (const [reader, isAllowed] of this.#readers) {
      if (mayListen(isAllowed)) reader.beat();
      else reader.end();
    }
  }
}
