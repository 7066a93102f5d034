import type { Arbitrary } from 'fast-check';

/** What is fuzzed: a part of the program, and what must hold of it whatever it is given. */
export interface Target {
  /** Inputs that it takes well, to begin with: the fewer bytes the better. */
  readonly seeds: readonly string[];
  /** Words of its language, for mutations to put in. */
  readonly words: readonly string[];
  /** Inputs made by a grammar; mutations go on from those that lead to something new. */
  readonly generated: Arbitrary<string | Uint8Array>;
  /**
   * Gives the part one input. Throws where it did not do what it must. Answers in a few words what became of the input: one that leads
   * to words that were not seen before is gone on with.
   */
  run(input: Uint8Array): string | Promise<string>;
  /** Starts what `run` uses; answers inputs that are known only then, to begin with like `seeds`. */
  open?(): Promise<readonly string[]>;
  /** Lets go of what `run` uses. */
  close?(): void | Promise<void>;
}

/** What must be the case of a target's answers. The message is a sentence of what should have held. */
export function must(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`it must be that ${message}`);
}

const decoder = new TextDecoder();

/** The text of an input; bytes that are no UTF-8 become U+FFFD. A byte order mark stays. */
export function textOf(input: Uint8Array): string {
  const text = decoder.decode(input);
  return input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf ? `\uFEFF${text}` : text;
}

/** The longest beginning of `text` that the data of a frame may be. */
export function frameData(text: string): string {
  const wellFormed = text.toWellFormed();
  const { read } = new TextEncoder().encodeInto(wellFormed, new Uint8Array(235));
  return wellFormed.slice(0, read);
}

/** A sentence without what differs between two inputs of one kind: numbers and what is quoted. */
export function kindOf(words: string): string {
  return words
    .slice(0, 160)
    .replaceAll(/"[^"]*"/g, '""')
    .replaceAll(/0x[0-9a-f]+/g, '0x')
    .replaceAll(/\d+/g, '0');
}
