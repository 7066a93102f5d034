import type { Random } from './random.ts';

type Change =
  { readonly type: 'append'; readonly bytes: Buffer } | { readonly type: 'truncate'; readonly bytes: number };

/** How often a loss of power leaves a stretch of a file that was never written. */
const holeChance = 0.15;
const sectorBytes = 512;

/** A file as the system has it in memory, and what of it is on the disk. */
export class SimulatedFile {
  #bytes: Buffer = Buffer.alloc(0);
  #synced: Buffer = Buffer.alloc(0);
  /** What was done since. */
  #changes: Change[] = [];

  /** What programs read. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  append(bytes: Buffer): void {
    this.#change({ type: 'append', bytes });
  }

  truncate(bytes: number): void {
    this.#change({ type: 'truncate', bytes });
  }

  sync(): void {
    this.#synced = this.#bytes;
    this.#changes = [];
  }

  /** One bit is another, here and on the disk. */
  flip(byte: number, bit: number): void {
    const bytes = Buffer.from(this.#bytes);
    bytes[byte] = (bytes[byte] ?? 0) ^ (1 << bit);
    this.#bytes = bytes;
    this.sync();
  }

  /**
   * What is left is what was synced and some of what was done since, in order: the last of it may be torn. The end may be followed by what the
   * disk had there before (`stale`), or by zeros, and a sector in what was not synced may never have been written.
   */
  losePower(random: Random, stale: Buffer): void {
    const synced = this.#synced.length;
    const kept = random.integer(0, this.#changes.length);
    const torn = this.#changes[kept];
    this.#bytes = this.#synced;
    for (const change of this.#changes.slice(0, kept)) this.#bytes = changed(this.#bytes, change);
    if (torn?.type === 'append' && random.chance(0.7)) {
      const part = torn.bytes.subarray(0, random.integer(0, torn.bytes.length));
      const rest = random.integer(0, torn.bytes.length - part.length);
      const filler = random.pick([Buffer.alloc(0), Buffer.alloc(rest), stale.subarray(0, rest)]);
      this.#bytes = Buffer.concat([this.#bytes, part, filler]);
    }
    if (this.#bytes.length > synced && random.chance(holeChance)) {
      const from = random.integer(synced, this.#bytes.length - 1);
      this.#bytes = Buffer.from(this.#bytes).fill(0, from, Math.min(this.#bytes.length, from + sectorBytes));
    }
    this.sync();
  }

  #change(change: Change): void {
    this.#changes.push(change);
    this.#bytes = changed(this.#bytes, change);
  }
}

function changed(bytes: Buffer, change: Change): Buffer {
  return change.type === 'append' ? Buffer.concat([bytes, change.bytes]) : bytes.subarray(0, change.bytes);
}
