import { createHash } from 'node:crypto';
import { Random } from './random.ts';
import { Timeline } from './timeline.ts';

/** Events that a failed world shows. */
const linesShown = 60;

/** What all parts of one world share: its time, its chance, and its record of what happened. */
export class Stage {
  readonly seed: number;
  readonly timeline = new Timeline();
  readonly random: Random;
  readonly #hash = createHash('sha256');
  readonly #lines: string[] = [];
  readonly #print: ((line: string) => void) | undefined;
  #failure: string | undefined;

  /** `print` gets every event as it happens. */
  constructor(seed: number, print?: (line: string) => void) {
    this.seed = seed;
    this.random = new Random(seed);
    this.#print = print;
  }

  get nowMs(): number {
    return this.timeline.nowMs;
  }

  /** The first thing that was wrong. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** The last events, for people. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Writes down what happened. Two runs of one seed have the same record, byte for byte. */
  record(what: string): void {
    const line = `${this.timeline.nowMs.toFixed(3)} ${what}`;
    this.#hash.update(`${line}\n`);
    this.#print?.(line);
    this.#lines.push(line);
    if (this.#lines.length > linesShown) this.#lines.shift();
  }

  /** A promise of the program is broken. Never throws: it is called from amid the program's own code. */
  fail(what: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = `at ${(this.timeline.nowMs / 1000).toFixed(3)} s: ${what}`;
    this.record(`FAILED ${what}`);
  }

  check(condition: boolean, what: () => string): void {
    if (!condition) this.fail(what());
  }

  /** The SHA-256 of the record; ends it. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}
