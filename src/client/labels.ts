import type { LabelledReading, Reading } from '../core/reading.ts';

/** Numbers readings: an epoch drawn at random, and `seq` growing within it (protocol 4). */
export class Labels {
  readonly #drawEpoch: () => string;
  #epoch: string;
  #seq = 0;

  /** `drawEpoch` answers 8 random hex digits. */
  constructor(drawEpoch: () => string) {
    this.#drawEpoch = drawEpoch;
    this.#epoch = drawEpoch();
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** The last number given in the epoch; 0 for none. */
  get seq(): number {
    return this.#seq;
  }

  renew(): void {
    this.#epoch = this.#drawEpoch();
    this.#seq = 0;
  }

  label(reading: Reading, time: number): LabelledReading {
    this.#seq += 1;
    const { sensor, id, source, values } = reading;
    return { epoch: this.#epoch, seq: this.#seq, time, sensor, id, source, values };
  }
}
