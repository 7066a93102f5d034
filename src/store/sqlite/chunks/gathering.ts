import type { Block } from '../block.ts';
import type { Words } from '../words.ts';
import { inOrder } from './reading-order.ts';
import type { Label, ReadingRows } from './rows.ts';
import type { SurveyedSeries } from './survey.ts';
import { eachReading, seriesKeyOf, type WaitingBlock } from './waiting-blocks.ts';

/** Readings of one series that are gathered before they are given out, and labels that they may have: their numbers take 16 bits. */
export const gatheredMax = 65_536;

/** Room for the columns of a part: two allocations for all of its series, used again for the next part. Thousands of small ones would never be given back to the system. */
export class Columns {
  #numbers = new Float64Array();
  #labels = new Uint16Array();
  #numbersTaken = 0;
  #labelsTaken = 0;

  /** What was taken before may be overwritten from now on. */
  reserve(numbers: number, labels: number): void {
    if (this.#numbers.length < numbers) this.#numbers = new Float64Array(numbers);
    if (this.#labels.length < labels) this.#labels = new Uint16Array(labels);
    this.#numbersTaken = 0;
    this.#labelsTaken = 0;
  }

  numbers(count: number): Float64Array {
    this.#numbersTaken += count;
    return this.#numbers.subarray(this.#numbersTaken - count, this.#numbersTaken);
  }

  labels(count: number): Uint16Array {
    this.#labelsTaken += count;
    return this.#labels.subarray(this.#labelsTaken - count, this.#labelsTaken);
  }
}

/** Times and numbers, which each series has beside its values. */
const otherColumns = 2;

/** The readings of some series, as far as they have come. */
export class Gathering {
  readonly #lists = new Map<string, SeriesList>();
  #segment = 0;
  /** By number of the stream and of the shape in the segment. */
  #places = new Map<number, { readonly list: SeriesList; readonly label: number } | undefined>();
  /** A list was given out before its end: its labels are numbered anew. */
  #stale = false;

  /** `most`: so many of each series at a time; a test says fewer. */
  constructor(series: readonly SurveyedSeries[], most = gatheredMax, room = new Columns()) {
    let [numbers, labels] = [0, 0];
    for (const { count, columns } of series) {
      numbers += Math.min(count, most) * (otherColumns + columns);
      labels += Math.min(count, most);
    }
    room.reserve(numbers, labels);
    for (const one of series) this.#lists.set(one.key, new SeriesList(one, most, room));
  }

  /** Takes what is theirs; `full` is given the list of a series that can take no more. */
  add({ block, words, segment }: WaitingBlock, full: (series: SurveyedSeries, rows: ReadingRows) => void): void {
    if (block === undefined) return;
    if (segment !== this.#segment) this.#forgetPlaces(segment);
    eachReading(block, words, (index, stream, shape, valueOffset) => {
      if (this.#stale) this.#forgetPlaces(segment);
      const place = this.#placeOf(stream, shape, words);
      if (place === undefined) return;
      place.list.add(block, index, valueOffset, place.label);
      if (!place.list.isFull) return;
      full(place.list.series, place.list.take());
      this.#stale = true;
    });
  }

  *rest(): Generator<readonly [series: SurveyedSeries, rows: ReadingRows]> {
    for (const list of this.#lists.values()) if (list.size > 0) yield [list.series, list.take()];
  }

  #forgetPlaces(segment: number): void {
    this.#segment = segment;
    this.#places = new Map();
    this.#stale = false;
  }

  #placeOf(
    stream: number,
    shape: number,
    words: Words,
  ): { readonly list: SeriesList; readonly label: number } | undefined {
    const number = stream * 65_536 + shape;
    const known = this.#places.get(number);
    if (known !== undefined || this.#places.has(number)) return known;
    const list = this.#lists.get(seriesKeyOf(words.streams[stream], words.shapes[shape]) ?? '');
    const [, unit = '', epoch = null] = words.streams[stream] ?? [];
    const source = words.shapes[shape]?.[2] ?? null;
    const place = list && { list, label: list.labelOf([unit, epoch, source]) };
    this.#places.set(number, place);
    return place;
  }
}

/** The readings of one series in columns that are as long as they need to be. */
class SeriesList {
  readonly series: SurveyedSeries;
  readonly #most: number;
  readonly #times: Float64Array;
  readonly #seqs: Float64Array;
  readonly #labelOf: Uint16Array;
  readonly #values: readonly Float64Array[];
  #labels: Label[] = [];
  #numberOf = new Map<string, number>();
  size = 0;

  constructor(series: SurveyedSeries, most: number, room: Columns) {
    const capacity = Math.min(series.count, most);
    this.series = series;
    this.#most = most;
    this.#times = room.numbers(capacity);
    this.#seqs = room.numbers(capacity);
    this.#labelOf = room.labels(capacity);
    this.#values = Array.from({ length: series.columns }, () => room.numbers(capacity));
  }

  /** More of the series may be to come than it can take. */
  get isFull(): boolean {
    return this.size === this.#most;
  }

  labelOf(label: Label): number {
    const text = JSON.stringify(label);
    const known = this.#numberOf.get(text);
    if (known !== undefined) return known;
    this.#numberOf.set(text, this.#labels.length);
    return this.#labels.push(label) - 1;
  }

  add({ seqs, times, values }: Block, index: number, valueOffset: number, label: number): void {
    const place = this.size;
    this.#times[place] = times[index] ?? 0;
    this.#seqs[place] = seqs[index] ?? Number.NaN;
    this.#labelOf[place] = label;
    let offset = valueOffset;
    for (const column of this.#values) {
      column[place] = values[offset] ?? 0;
      offset += 1;
    }
    this.size += 1;
  }

  /** What it has, in order; good until more is added. */
  take(): ReadingRows {
    const end = this.size;
    const rows = {
      times: this.#times.subarray(0, end),
      seqs: this.#seqs.subarray(0, end),
      labelOf: this.#labelOf.subarray(0, end),
      labels: this.#labels,
      values: this.#values.map((column) => column.subarray(0, end)),
    };
    this.size = 0;
    this.#labels = [];
    this.#numberOf = new Map();
    return inOrder(rows);
  }
}
