import type { Words } from '../words.ts';
import { eachReading, seriesKeyOf, type WaitingBlock } from './waiting-blocks.ts';

/** What a window has of one series. */
export interface SurveyedSeries {
  readonly clientId: string;
  readonly key: string;
  /** Names of its values. */
  readonly columns: number;
  count: number;
}

/** Counts the readings of each series in a window, so that they can be gathered into lists of the right length. */
export class Survey {
  readonly #series = new Map<string, SurveyedSeries>();
  readonly damagedBlocks: number[] = [];
  /** The first block that is there; undefined where there is none. */
  firstBlock: number | undefined;
  readings = 0;
  #segment = 0;
  /** By number of the stream and of the shape in the segment. */
  #known = new Map<number, SurveyedSeries | undefined>();

  /** In the order of their keys, so that those of a unit are neighbours. */
  get series(): readonly SurveyedSeries[] {
    return [...this.#series.values()].toSorted((one, other) => (one.key < other.key ? -1 : 1));
  }

  add({ number, block, words, segment }: WaitingBlock): void {
    if (segment !== this.#segment) {
      this.#segment = segment;
      this.#known = new Map();
    }
    this.firstBlock ??= number;
    let isWhole = block !== undefined;
    if (block !== undefined) {
      const hasWords = eachReading(block, words, (_, stream, shape) => {
        const series = this.#seriesOf(stream, shape, words);
        if (series === undefined) isWhole = false;
        else series.count += 1;
      });
      isWhole &&= hasWords;
      this.readings += block.seqs.length;
    }
    if (!isWhole) this.damagedBlocks.push(number);
  }

  #seriesOf(stream: number, shape: number, words: Words): SurveyedSeries | undefined {
    const place = stream * 65_536 + shape;
    const known = this.#known.get(place);
    if (known !== undefined || this.#known.has(place)) return known;
    const [clientId = ''] = words.streams[stream] ?? [];
    const key = seriesKeyOf(words.streams[stream], words.shapes[shape]);
    let series = key === undefined ? undefined : this.#series.get(key);
    if (key !== undefined && series === undefined) {
      series = { clientId, key, columns: words.valueCounts[shape] ?? 0, count: 0 };
      this.#series.set(key, series);
    }
    this.#known.set(place, series);
    return series;
  }
}
