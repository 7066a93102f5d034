/** One family of a single unit takes some hundred bytes, one of thousands of units hundreds of thousands. */
const firstBytes = 1_024;
const pieceBytesMax = 65_536;
/** Of UTF-8 for one character of a JavaScript string, at most. */
const bytesACharacter = 3;

/**
 * Text as UTF-8 that grows at its end. Thousands of lines that are kept as strings until all are there would be copied by the garbage collector again and again, for 10 ms each time; these
 * bytes lie outside its heap.
 */
export class GrowingBytes {
  readonly #full: Buffer[] = [];
  #piece = Buffer.allocUnsafeSlow(firstBytes);
  #used = 0;

  write(text: string): void {
    const needed = text.length * bytesACharacter;
    if (this.#used + needed > this.#piece.length) this.#next(needed);
    this.#used += this.#piece.write(text, this.#used);
  }

  pieces(): readonly Buffer[] {
    return [...this.#full, this.#piece.subarray(0, this.#used)];
  }

  #next(needed: number): void {
    this.#full.push(this.#piece.subarray(0, this.#used));
    const bytes = Math.min(pieceBytesMax, this.#piece.length * 4);
    this.#piece = Buffer.allocUnsafeSlow(Math.max(bytes, needed));
    this.#used = 0;
  }
}
