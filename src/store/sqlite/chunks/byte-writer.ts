/** Bytes that grow at their end. */
export class ByteWriter {
  #bytes = new Uint8Array(1_024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** A whole number from 0 to 2^53, seven bits a byte, the lowest first; each byte but the last has its high bit set. */
  whole(value: number): void {
    this.#reserve(8);
    const bytes = this.#bytes;
    let length = this.#length;
    let rest = value;
    // Beyond 31 bits the operators of bits would cut it.
    while (rest > 0x7fff_ffff) {
      bytes[length] = (rest % 128) | 128;
      length += 1;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      bytes[length] = (rest & 127) | 128;
      length += 1;
      rest >>>= 7;
    }
    bytes[length] = rest;
    this.#length = length + 1;
  }

  /** A whole number of either sign, up to 2^52: small ones of either sign are short. */
  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** A view that is good until something is written. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** How many bytes `whole` takes for it. */
export function wholeBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
}
