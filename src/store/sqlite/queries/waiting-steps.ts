import type { StepQuery } from '../../contract.ts';
import { addValues, stepOf, type StepValues } from '../../step-values.ts';
import type { Damaged } from './damaged.ts';
import type { EarliestSteps } from './earliest-steps.ts';
import type { ReaderConnection } from './reader-connection.ts';
import type { SeriesName } from '../../../core/reading.ts';
import { nameOf } from './series-name.ts';
import { eachWaiting, type WaitingRange } from './waiting-readings.ts';

/** Steps that are kept for all series together; where there are more, each series looks through the blocks by itself. */
const stepsMax = 65_536;

interface WaitingSeries extends SeriesName {
  readonly steps: Map<number, StepValues>;
}

/** What the readings that are still in blocks add to the steps of a query: for all its series, from one look at the blocks. */
export class WaitingSteps {
  readonly #query: StepQuery;
  readonly #connection: ReaderConnection;
  readonly #damaged: Damaged;
  #series = new Map<string, WaitingSeries>();
  #isWhole = false;
  #movedBlock = -1;

  constructor(query: StepQuery, connection: ReaderConnection, damaged: Damaged) {
    this.#query = query;
    this.#connection = connection;
    this.#damaged = damaged;
  }

  /** The series that have any. */
  names(range: WaitingRange): readonly SeriesName[] {
    this.#look(range);
    return [...this.#series.values()];
  }

  /** Adds what they have of one series. */
  addTo(into: EarliestSteps, { sensor, id }: SeriesName, range: WaitingRange): void {
    this.#look(range);
    const series = this.#series.get(nameOf({ sensor, id }));
    const isAsAsked = into.stepMs === this.#query.stepMs;
    if (isAsAsked && series === undefined) return;
    // A part that begins within a step has a piece of it, and so has the one before; longer steps reach beyond what was asked for.
    const isWhole = this.#isWhole && isAsAsked && stepOf(into.fromMs, into.stepMs) === into.fromMs;
    if (series === undefined || !isWhole) {
      this.#addEach(into, { sensor, id }, range);
      return;
    }
    for (const [timeMs, values] of series.steps) {
      for (const [name, value] of values) into.addValue(timeMs, name, value);
    }
  }

  /** What was moved since is not in the blocks any more. */
  #look(range: WaitingRange): void {
    if (range.movedBlock === this.#movedBlock) return;
    this.#movedBlock = range.movedBlock;
    this.#isWhole = true;
    this.#series = new Map();
    const { stepMs } = this.#query;
    let count = 0;
    eachWaiting(this.#query, range, this.#connection, {
      take: ({ reading }) => {
        const { sensor, id, time, values } = reading;
        const name = nameOf({ sensor, id });
        let series = this.#series.get(name);
        if (series === undefined) {
          series = { sensor, id, steps: new Map() };
          this.#series.set(name, series);
        }
        if (!this.#isWhole) return;
        const timeMs = stepOf(time, stepMs);
        let step = series.steps.get(timeMs);
        if (step === undefined) {
          step = new Map();
          series.steps.set(timeMs, step);
          count += 1;
        }
        addValues(step, values);
        if (count > stepsMax) this.#giveUp();
      },
      damaged: (block) => {
        this.#damaged.block(block);
      },
    });
  }

  #giveUp(): void {
    this.#isWhole = false;
    for (const { steps } of this.#series.values()) steps.clear();
  }

  #addEach(into: EarliestSteps, { sensor, id }: SeriesName, range: WaitingRange): void {
    const { fromMs, endMs: toMs } = into;
    const query = { ...this.#query, sensor, ...(id !== undefined && { id }), fromMs, toMs };
    eachWaiting(query, range, this.#connection, {
      take: ({ reading }) => {
        if (reading.id === id) into.addReading(reading.time, reading.values);
      },
      damaged: (block) => {
        this.#damaged.block(block);
      },
    });
  }
}
