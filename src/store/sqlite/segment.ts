import type { Block } from './block.ts';
import { storedMark, writeMark } from './mark.ts';
import type { Statements } from './statements.ts';
import { Words, type NewWords, type Stream } from './words.ts';

/** The highest `seq` of one (unit, epoch). */
interface Mark {
  readonly epoch: string;
  seq: number;
  moved: boolean;
}

/** What the segment holds of one unit. Times are milliseconds since 1970; there is no reading while `fromMs` is above `toMs`. */
interface Presence {
  fromMs: number;
  toMs: number;
  readonly marks: Map<string, Mark>;
}

type SegmentStatements = Pick<Statements, 'mark' | 'setMark' | 'addPresence' | 'sealSegment'>;

export interface SegmentStart {
  readonly number: number;
  readonly firstBlock: number;
  /** The segment before it, where that is not sealed. */
  readonly former?: Segment | undefined;
}

/**
 * The segment that is being written: its words, and what its readings have moved. The highest numbers stay here until the segment is sealed;
 * in the database they are the marks and the blocks of this segment together, so that they move with the commit of the block that moved them.
 * Of twenty thousand units a seal takes a tenth of a second: it is written by and by, with the commits of the segment after it, which knows this one until then.
 */
export class Segment {
  readonly number: number;
  readonly firstBlock: number;
  readonly words = new Words();
  parts = 0;
  readonly #statements: SegmentStatements;
  readonly #presences = new Map<string, Presence>();
  /** By number of the stream. A stream without epoch has no mark. */
  readonly #presenceOf: Presence[] = [];
  readonly #markOf: (Mark | undefined)[] = [];
  /** The segment before, until it is sealed. */
  #former: Segment | undefined;
  /** Units that a seal which has begun has not come to. */
  #unsealed: ArrayIterator<readonly [clientId: string, presence: Presence]> | undefined;

  /** Of `former` nothing is written any more but its seal. */
  constructor({ number, firstBlock, former }: SegmentStart, statements: SegmentStatements) {
    this.number = number;
    this.firstBlock = firstBlock;
    this.#former = former;
    this.#statements = statements;
  }

  /** The segment before, while it is not sealed. */
  get former(): Segment | undefined {
    return this.#former;
  }

  define(words: NewWords): void {
    this.words.add(words);
    this.parts += 1;
    for (const [index, stream] of words.streams.entries()) this.#know(words.firstStream + index, stream);
  }

  /** Moves the marks by the readings of a new block; indexes of those at or below the highest of their (unit, epoch), which are not to be stored. */
  take({ seqs, times, streams }: Block): number[] {
    const duplicates: number[] = [];
    for (let index = 0; index < seqs.length; index += 1) {
      const stream = streams[index] ?? 0;
      if (this.#moveMark(stream, seqs[index] ?? Number.NaN)) this.#widen(stream, times[index] ?? 0);
      else duplicates.push(index);
    }
    return duplicates;
  }

  /** Moves the marks by a block that is stored already. The table of marks may have them: the oldest blocks of the segment were dropped then. */
  takeAgain({ seqs, times, streams }: Block): void {
    for (let index = 0; index < seqs.length; index += 1) {
      const stream = streams[index] ?? 0;
      this.#moveMark(stream, seqs[index] ?? Number.NaN);
      this.#widen(stream, times[index] ?? 0);
    }
  }

  /** The highest `seq` of this (unit, epoch), stored before or in this segment; 0 for none. */
  highestSeq(clientId: string, epoch: string): number {
    return this.#presences.get(clientId)?.marks.get(epoch)?.seq ?? this.#highestBefore(clientId, epoch);
  }

  /** The newest `time` of each unit that has readings in it or its former; the last of two is the newer one's. */
  *newest(): Generator<readonly [clientId: string, toMs: number]> {
    if (this.#former !== undefined) yield* this.#former.newest();
    for (const [clientId, { fromMs, toMs }] of this.#presences) if (fromMs <= toMs) yield [clientId, toMs];
  }

  /** Whether it, or its former, knows the unit. */
  has(clientId: string): boolean {
    return this.#presences.has(clientId) || this.#former?.has(clientId) === true;
  }

  /** Blocks up to this one go: the marks that were moved by any of them are written to their table, the older ones first, since a mark is what was written last. */
  writeMarksThrough(block: number): void {
    if (this.#former !== undefined && block >= this.#former.firstBlock) this.sealFormer();
    if (block < this.firstBlock) return;
    for (const [clientId, presence] of this.#presences) this.#writeMarksOf(clientId, presence);
  }

  /** Seals what is not sealed of the segment before, of as many units at most; answers of how many. */
  sealFormer(unitsMax = Number.POSITIVE_INFINITY): number {
    if (this.#former === undefined) return 0;
    const { units, done } = this.#former.#sealUnits(unitsMax);
    if (done) this.#former = undefined;
    return units;
  }

  /** Ends the segment, and the one before. */
  seal(): void {
    this.sealFormer();
    this.#sealUnits(Number.POSITIVE_INFINITY);
  }

  /** What the segment holds of whom is written beside it, and with the last of them that it has ended. */
  #sealUnits(unitsMax: number): { readonly units: number; readonly done: boolean } {
    // In the order of their tables: a commit writes some pages whole, and not a row on each of many.
    this.#unsealed ??= [...this.#presences].toSorted(([one], [other]) => (one < other ? -1 : 1)).values();
    for (let units = 0; units < unitsMax; units += 1) {
      const { done, value } = this.#unsealed.next();
      if (done === true) {
        this.#statements.sealSegment.run(this.number);
        return { units, done: true };
      }
      const [clientId, presence] = value;
      const { fromMs, toMs } = presence;
      this.#writeMarksOf(clientId, presence);
      // A unit whose readings were duplicates, or dropped already, has an empty span: by these rows its marks are found when the segment goes.
      const span = fromMs <= toMs ? ([fromMs, toMs] as const) : ([0, -1] as const);
      this.#statements.addPresence.run(this.number, clientId, ...span);
    }
    return { units: unitsMax, done: false };
  }

  #writeMarksOf(clientId: string, { marks }: Presence): void {
    for (const mark of marks.values()) {
      if (!mark.moved) continue;
      writeMark(this.#statements, { clientId, epoch: mark.epoch, seq: mark.seq, segment: this.number });
      mark.moved = false;
    }
  }

  /** What is stored before this segment. */
  #highestBefore(clientId: string, epoch: string): number {
    return this.#former?.highestSeq(clientId, epoch) ?? storedMark(this.#statements, clientId, epoch);
  }

  /** False for a `seq` at or below the highest of its (unit, epoch); NaN stands for none. */
  #moveMark(stream: number, seq: number): boolean {
    const mark = this.#markOf[stream];
    if (mark === undefined || Number.isNaN(seq)) return true;
    if (seq <= mark.seq) return false;
    mark.seq = seq;
    mark.moved = true;
    return true;
  }

  #widen(stream: number, time: number): void {
    const presence = this.#presenceOf[stream];
    if (presence === undefined) return;
    if (time < presence.fromMs) presence.fromMs = time;
    if (time > presence.toMs) presence.toMs = time;
  }

  #know(number: number, [clientId, , epoch]: Stream): void {
    let presence = this.#presences.get(clientId);
    if (presence === undefined) {
      presence = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY, marks: new Map() };
      this.#presences.set(clientId, presence);
    }
    this.#presenceOf[number] = presence;
    this.#markOf[number] = epoch === null ? undefined : this.#markIn(presence, clientId, epoch);
  }

  #markIn({ marks }: Presence, clientId: string, epoch: string): Mark {
    const known = marks.get(epoch);
    if (known !== undefined) return known;
    const mark = { epoch, seq: this.#highestBefore(clientId, epoch), moved: false };
    marks.set(epoch, mark);
    return mark;
  }
}
