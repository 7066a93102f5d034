/** What a query found that cannot be read and left out, each counted once however often it is looked at. */
export class Damaged {
  readonly #blocks = new Set<number>();
  readonly #chunks = new Set<number>();
  #series = 0;

  get count(): number {
    return this.#blocks.size + this.#chunks.size + this.#series;
  }

  block(number: number): void {
    this.#blocks.add(number);
  }

  chunk(number: number): void {
    this.#chunks.add(number);
  }

  /** Series of the unit of which nobody knows what they are. */
  series(count: number): void {
    this.#series = count;
  }
}
