import type { Fleet } from '../../server/contract.ts';
import { JsonList, type JsonPieces } from './json-list.ts';
import { inSlices } from './slices.ts';
import { UnitLine } from './unit-line.ts';

/** What changed, as JSON: rows and values without the brackets of their arrays, and `client_id`s. */
export interface ChangeTexts {
  readonly rows: JsonPieces;
  readonly values: JsonPieces;
  readonly gone: readonly string[];
}

/** Units that are gone and of which a reader may not have heard; more, and whoever was away is told anew. */
const goneMax = 1_000;

/** What the readers of the fleet's stream were told of each unit, and what is to be looked at again. A tick is one event `changes`. */
export class FleetBook {
  /** The newest tick that was told. */
  tick = 0;
  readonly #fleet: Pick<Fleet, 'ids' | 'glance'>;
  readonly #sliceUnits: number;
  readonly #lines = new Map<string, UnitLine>();
  /** By name; undefined: to be sorted anew. */
  #sorted: readonly UnitLine[] | undefined;
  #marked = new Set<string>();
  readonly #sending = new Set<string>();
  readonly #gone = new Map<string, number>();
  /** Whoever has heard of an earlier tick is told anew. */
  #firstTick = 0;

  constructor(fleet: Pick<Fleet, 'ids' | 'glance'>, sliceUnits: number) {
    this.#fleet = fleet;
    this.#sliceUnits = sliceUnits;
  }

  /** Begins anew. */
  begin(): void {
    this.forget();
    this.#firstTick = this.tick + 1;
    this.markAll();
  }

  forget(): void {
    for (const told of [this.#lines, this.#marked, this.#sending, this.#gone]) told.clear();
    this.#sorted = undefined;
  }

  /** The unit is to be looked at. */
  mark(clientId: string): void {
    this.#marked.add(clientId);
  }

  markAll(): void {
    for (const clientId of this.#fleet.ids()) this.#marked.add(clientId);
    for (const clientId of this.#lines.keys()) this.#marked.add(clientId);
  }

  /** Those whose interval is under way: whether there are any. */
  markSending(): boolean {
    for (const clientId of this.#sending) this.#marked.add(clientId);
    return this.#sending.size > 0;
  }

  get isAnySending(): boolean {
    return this.#sending.size > 0;
  }

  /** Looks at what is marked, for the next tick. Undefined where nothing has changed. */
  async look(): Promise<ChangeTexts | undefined> {
    const marked = this.#marked;
    this.#marked = new Set();
    const [rows, values, gone] = [new JsonList(), new JsonList(), [] as string[]];
    let isNew = false;
    await inSlices(marked, this.#sliceUnits, (clientId) => {
      const glance = this.#fleet.glance(clientId);
      if (glance === undefined) {
        if (this.#remove(clientId)) gone.push(clientId);
        return;
      }
      const line = this.#lines.get(clientId) ?? this.#add(clientId);
      const { name } = line;
      const look = line.look(glance, this.tick + 1);
      if (look === 'row') {
        rows.add(line.rowText());
        this.#note(line, name);
      } else if (look === 'values') values.add(line.valuesText());
      isNew ||= look !== 'same';
    });
    return isNew || gone.length > 0 ? { rows: rows.done(), values: values.done(), gone } : undefined;
  }

  /** It has begun anew, and nobody was told of it. */
  get isUntold(): boolean {
    return this.tick < this.#firstTick;
  }

  /** Whether all changes since that tick can be told. */
  reaches(tick: number): boolean {
    return tick >= this.#firstTick && tick <= this.tick;
  }

  /** All that has changed since that tick. */
  async since(tick: number): Promise<ChangeTexts> {
    const [rows, values] = [new JsonList(), new JsonList()];
    await inSlices(this.#lines.values(), this.#sliceUnits, (line) => {
      if (line.rowTick > tick) rows.add(line.rowText());
      else if (line.tick > tick) values.add(line.valuesText());
    });
    return { rows: rows.done(), values: values.done(), gone: this.#goneSince(tick) };
  }

  /** What has changed of one unit since that tick. */
  unitSince(clientId: string, tick: number): ChangeTexts {
    const line = this.#lines.get(clientId);
    const [rows, values] = [new JsonList(), new JsonList()];
    if (line !== undefined && line.rowTick > tick) rows.add(line.rowText());
    else if (line !== undefined && line.tick > tick) values.add(line.valuesText());
    const gone = this.#goneSince(tick).filter((id) => id === clientId);
    return { rows: rows.done(), values: values.done(), gone };
  }

  nameOf(clientId: string): string | undefined {
    return this.#lines.get(clientId)?.name;
  }

  /** The rows of all units, by name, or the one of this unit. */
  async rows(clientId?: string): Promise<JsonPieces> {
    const rows = new JsonList();
    if (clientId === undefined) {
      this.#sorted ??= [...this.#lines.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      await inSlices(this.#sorted, this.#sliceUnits, (line) => rows.add(line.rowText()));
    } else {
      const line = this.#lines.get(clientId);
      if (line !== undefined) rows.add(line.rowText());
    }
    return rows.done();
  }

  #add(clientId: string): UnitLine {
    const line = new UnitLine(clientId);
    this.#lines.set(clientId, line);
    this.#gone.delete(clientId);
    this.#sorted = undefined;
    return line;
  }

  #remove(clientId: string): boolean {
    if (!this.#lines.delete(clientId)) return false;
    this.#sorted = undefined;
    this.#sending.delete(clientId);
    this.#gone.set(clientId, this.tick + 1);
    const [oldest] = this.#gone.keys();
    if (this.#gone.size > goneMax && oldest !== undefined) {
      this.#firstTick = this.#gone.get(oldest) ?? this.#firstTick;
      this.#gone.delete(oldest);
    }
    return true;
  }

  /** Of a row that has changed. */
  #note(line: UnitLine, formerName: string): void {
    if (line.name !== formerName) this.#sorted = undefined;
    if (line.isSending) this.#sending.add(line.clientId);
    else this.#sending.delete(line.clientId);
  }

  #goneSince(since: number): readonly string[] {
    return [...this.#gone].filter(([, tick]) => tick > since).map(([clientId]) => clientId);
  }
}
