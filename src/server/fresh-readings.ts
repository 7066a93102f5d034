/** Readings that are stored, and not yet told to whoever looks on: formatting a batch takes longer than sending its acknowledgements, which go out when this turn ends. */
export class FreshReadings<One> {
  readonly #defer: (task: () => void) => void;
  readonly #tell: (readings: readonly One[]) => void;
  #fresh: One[] = [];

  constructor(defer: (task: () => void) => void, tell: (readings: readonly One[]) => void) {
    this.#defer = defer;
    this.#tell = tell;
  }

  /** `duplicates` are indexes into `readings`. */
  add(readings: readonly One[], duplicates: readonly number[]): void {
    if (readings.length === duplicates.length) return;
    const repeated = new Set(duplicates);
    const fresh = repeated.size === 0 ? readings : readings.filter((_, index) => !repeated.has(index));
    if (this.#fresh.length === 0) this.#defer(this.#tellAll);
    for (const reading of fresh) this.#fresh.push(reading);
  }

  readonly #tellAll = (): void => {
    const fresh = this.#fresh;
    this.#fresh = [];
    this.#tell(fresh);
  };
}
