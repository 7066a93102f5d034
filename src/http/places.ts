/** Room for a number of things at a time, which those who share it count together. */
export class Places {
  readonly #max: number;
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get full(): boolean {
    return this.#taken >= this.#max;
  }

  take(): void {
    this.#taken += 1;
  }

  leave(): void {
    this.#taken -= 1;
  }
}
