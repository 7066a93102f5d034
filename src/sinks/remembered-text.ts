/**
 * What a text becomes, remembered: lines of a log repeat the same names for years, and to look one up takes a fraction of making it anew.
 * Bounded: full, it forgets all and begins again.
 */
export class RememberedText {
  readonly #make: (text: string) => string;
  readonly #textsMax: number;
  readonly #made = new Map<string, string>();

  constructor(make: (text: string) => string, textsMax: number) {
    this.#make = make;
    this.#textsMax = textsMax;
  }

  of(text: string): string {
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const made = this.#make(text);
    if (this.#made.size >= this.#textsMax) this.#made.clear();
    this.#made.set(text, made);
    return made;
  }
}
