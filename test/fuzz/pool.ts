import fc from 'fast-check';
import { Random } from '../sim/random.ts';
import { mutated } from './mutation.ts';
import type { Target } from './target.ts';

/** Inputs that are gone on with; of more, one at random gives way. */
const poolMax = 2_000;
/** What fast-check makes in one go: it grows its sizes within one. */
const generatedAtOnce = 50;
/** What is remembered of what became of inputs: after so many, hardly anything is news. */
const outcomesMax = 20_000;
const generatedShare = 0.2;

/** The inputs of one run, one after another, and which of them to go on with. The same seed, kept inputs and outcomes make the same ones. */
export class Pool {
  readonly #target: Pick<Target, 'generated'>;
  readonly #random: Random;
  readonly #words: readonly Uint8Array[];
  readonly #inputs: Uint8Array[];
  readonly #outcomes = new Set<string>();
  readonly #firstCount: number;
  #given = 0;
  #generated: (string | Uint8Array)[] = [];

  constructor(target: Pick<Target, 'generated' | 'words' | 'seeds'>, kept: readonly Uint8Array[], seed: number) {
    this.#target = target;
    this.#random = new Random(seed);
    this.#words = ['', ...target.words].map((word) => Buffer.from(word));
    // All of them are given as they are before any is changed.
    this.#inputs = [...kept, ...target.seeds.map((text) => Buffer.from(text)), new Uint8Array()];
    this.#firstCount = this.#inputs.length;
  }

  /** How many different things became of inputs. */
  get outcomes(): number {
    return this.#outcomes.size;
  }

  /** How many inputs are given as they are, at first. */
  get firstCount(): number {
    return this.#firstCount;
  }

  next(): Uint8Array {
    if (this.#given < this.#firstCount) {
      this.#given += 1;
      return this.#inputs[this.#given - 1] ?? new Uint8Array();
    }
    if (this.#random.chance(generatedShare)) return this.#generate();
    // Half of the time from what is newest: it is there because it led somewhere.
    const newest = this.#random.chance(0.5) ? Math.max(0, this.#inputs.length - 32) : 0;
    const input = this.#inputs[this.#random.integer(newest, this.#inputs.length - 1)] ?? new Uint8Array();
    return mutated(input, this.#random, { words: this.#words, other: () => this.#random.pick(this.#inputs) });
  }

  /** What became of an input; true where that was never seen before. */
  tell(input: Uint8Array, outcome: string): boolean {
    if (this.#outcomes.has(outcome) || this.#outcomes.size >= outcomesMax) return false;
    this.#outcomes.add(outcome);
    if (this.#inputs.slice(0, this.#firstCount).includes(input)) return true;
    if (this.#inputs.length < poolMax) this.#inputs.push(input);
    else this.#inputs[this.#random.integer(0, poolMax - 1)] = input;
    return true;
  }

  #generate(): Uint8Array {
    if (this.#generated.length === 0) {
      const seed = this.#random.integer(0, 0x7fff_ffff);
      this.#generated = fc.sample(this.#target.generated, { numRuns: generatedAtOnce, seed });
    }
    const made = this.#generated.pop() ?? '';
    return typeof made === 'string' ? Buffer.from(made) : made;
  }
}
