/** Where a connection is cut: with the reading unsent, with half of its frame sent, or with all of it sent and no answer read. */
export type Cut = 'before' | 'within' | 'after';

const cuts: readonly Cut[] = ['before', 'within', 'after'];

/** Decides by a seed which sendings of one unit cut its connection. Other units and the clock have no part in it. */
export class Cuts {
  readonly #loss: number;
  #state: number;

  constructor({ loss, seed, unit }: { readonly loss: number; readonly seed: number; readonly unit: number }) {
    this.#loss = loss;
    this.#state = mixed((seed | 0) ^ mixed(unit + 1));
  }

  /** What becomes of the next sending. */
  next(): Cut | undefined {
    if (this.#loss === 0 || this.#draw() >= this.#loss) return undefined;
    return cuts[Math.floor(this.#draw() * cuts.length)];
  }

  /** A number in [0, 1): a counter with an odd step, mixed. */
  #draw(): number {
    this.#state = (this.#state + 0x9e37_79b9) | 0;
    return (mixed(this.#state) >>> 0) / 2 ** 32;
  }
}

/** Multiplications that spread each bit over all (the constants are those of MurmurHash3's last step, public domain). */
function mixed(value: number): number {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return bits ^ (bits >>> 16);
}
