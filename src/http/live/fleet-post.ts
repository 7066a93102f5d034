import type { Clock } from '../../core/clock.ts';
import type { HubEvent } from '../../server/contract.ts';
import type { EventRing } from './event-ring.ts';
import type { ChangeTexts, FleetBook } from './fleet-book.ts';
import { changesEvent, fleetEvent } from './fleet-events.ts';
import type { FleetReader, Position } from './fleet-reader.ts';
import type { JsonPieces } from './json-list.ts';
import type { UnitTails } from './unit-tails.ts';

export interface FleetPostOptions {
  /** Of the server: 8 hex digits. */
  readonly run: string;
  readonly clock: Clock;
  readonly book: FleetBook;
  readonly ring: EventRing;
  readonly tails: UnitTails;
}

export const nothing: ChangeTexts = { rows: [], values: [], gone: [] };

/** Tells readers what they have not heard: most of them the same bytes, those that are behind what has become of it since. */
export class FleetPost {
  readonly #options: FleetPostOptions;
  /** Of all units, and of which tick. */
  #rows: { readonly tick: number; readonly pieces: JsonPieces } | undefined;

  constructor(options: FleetPostOptions) {
    this.#options = options;
  }

  tickOf(id: string | undefined): number | undefined {
    const [, run, tick] = /^([0-9a-f]{8})-(\d{1,15})$/.exec(id ?? '') ?? [];
    return run === this.#options.run ? Number(tick) : undefined;
  }

  /** The rows of all units, made once for all who ask before the next tick. */
  async rows(): Promise<JsonPieces> {
    const { book } = this.#options;
    const { tick } = book;
    if (this.#rows?.tick !== tick) this.#rows = { tick, pieces: await book.rows() };
    return this.#rows.pieces;
  }

  /** The first event of a reader: the fleet, or, where it was here before, what has changed since, though it be nothing. */
  async welcome(reader: FleetReader): Promise<void> {
    const { book, ring, tails } = this.#options;
    const { clientId, formerTick } = reader;
    const isKnown =
      formerTick !== undefined &&
      book.reaches(formerTick) &&
      ring.reaches(formerTick) &&
      (clientId === undefined || tails.reaches(clientId, formerTick));
    if (!isKnown) return this.#tellAll(reader);
    const position = this.#position();
    const changes = clientId === undefined ? await book.since(formerTick) : book.unitSince(clientId, formerTick);
    this.#tell(reader, { changes, position, former: { tick: formerTick, events: ring.endOf(formerTick) } });
  }

  /** `changes` are those of a new tick; undefined: there is none, and only those who are behind have something to hear. Readers that have not taken what they were told are left out until they have. */
  async deliver(readers: Iterable<FleetReader>, changes: ChangeTexts | undefined): Promise<void> {
    const position = this.#position();
    const behind: { readonly reader: FleetReader; readonly former: Position }[] = [];
    let shared: readonly Buffer[] | undefined;
    for (const reader of readers) {
      const { position: former, clientId } = reader;
      if (former === undefined || former.tick === position.tick || !reader.isReady) continue;
      if (changes !== undefined && clientId === undefined && former.tick === position.tick - 1) {
        shared ??= this.#event({ changes, position, former });
        reader.tell(shared, position);
      } else behind.push({ reader, former });
    }
    await this.#catchUp(behind, position);
  }

  async #catchUp(
    behind: readonly { readonly reader: FleetReader; readonly former: Position }[],
    position: Position,
  ): Promise<void> {
    const { book } = this.#options;
    const oldest = behind.filter(({ reader }) => reader.clientId === undefined).map(({ former }) => former.tick);
    // One text for all of them, though some hear twice of what they know: a row is a state, not a change.
    const changes = oldest.length === 0 ? nothing : await book.since(Math.min(...oldest));
    for (const { reader, former } of behind) {
      if (!reader.isReady) continue;
      if (!book.reaches(former.tick)) await this.#tellAll(reader);
      else if (reader.clientId === undefined) this.#tell(reader, { changes, position, former });
      else this.#tellUnit(reader, reader.clientId, { position, former });
    }
  }

  /** What is new of one unit, if there is anything. */
  #tellUnit(
    reader: FleetReader,
    clientId: string,
    { position, former }: { readonly position: Position; readonly former: Position },
  ): void {
    const { book, ring, tails } = this.#options;
    const changes = book.unitSince(clientId, former.tick);
    const readings = tails.between(clientId, former.tick, position.tick);
    const events = ring.between(former.events, position.events, this.#concerns(clientId));
    const news = [changes.rows, changes.values, changes.gone, readings, events.texts];
    if (news.every(({ length }) => length === 0)) reader.position = position;
    else this.#tell(reader, { changes, position, former });
  }

  #tell(
    reader: FleetReader,
    told: { readonly changes: ChangeTexts; readonly position: Position; readonly former: Position },
  ): void {
    reader.tell(this.#event({ ...told, clientId: reader.clientId }), told.position);
  }

  #event({
    changes,
    position,
    former,
    clientId,
  }: {
    readonly changes: ChangeTexts;
    readonly position: Position;
    readonly former: Position;
    readonly clientId?: string | undefined;
  }): readonly Buffer[] {
    const { clock, ring, tails } = this.#options;
    const keeps = clientId === undefined ? undefined : this.#concerns(clientId);
    return changesEvent(this.#idOf(position), {
      timeMs: clock.wallMs(),
      changes,
      events: ring.between(former.events, position.events, keeps),
      ...(clientId !== undefined && { readings: tails.between(clientId, former.tick, position.tick) }),
    });
  }

  async #tellAll(reader: FleetReader): Promise<void> {
    const { book, clock } = this.#options;
    const position = this.#position();
    const rows = reader.clientId === undefined ? await this.rows() : await book.rows(reader.clientId);
    reader.tell(fleetEvent(this.#idOf(position), clock.wallMs(), rows), position);
  }

  /** Of whoever hears all there is by now. */
  #position(): Position {
    const { book, ring } = this.#options;
    return { tick: book.tick, events: ring.endOf(book.tick) };
  }

  #idOf({ tick }: Position): string {
    return `${this.#options.run}-${tick}`;
  }

  /** An event without a `client_id` is of the unit that it names. */
  #concerns(clientId: string): (event: HubEvent) => boolean {
    const name = this.#options.book.nameOf(clientId);
    return ({ fields: { client_id: id, unit } }) =>
      id === undefined ? unit !== undefined && unit === name : id === clientId;
  }
}
