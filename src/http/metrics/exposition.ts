import { GrowingBytes } from './growing-bytes.ts';
import type { MetricFamily } from './metric-family.ts';

/** The samples of one answer, by family whatever the order in which they come: the format wants those of a family together. */
export class Exposition {
  readonly #families = new Map<string, GrowingBytes>();

  /** `labels` is what stands between the braces. Samples have no time: they are of the moment of the scrape (docs/metrics.md). */
  add(family: MetricFamily, labels: string, value: number, suffix = ''): void {
    const { name } = family;
    this.#of(family).write(labels === '' ? `${name}${suffix} ${value}\n` : `${name}${suffix}{${labels}} ${value}\n`);
  }

  /** The answer, families by name; once. */
  async *pieces(): AsyncGenerator<Buffer> {
    const small: Buffer[] = [];
    let smallBytes = 0;
    for (const name of [...this.#families.keys()].toSorted()) {
      const pieces = this.#families.get(name)?.pieces() ?? [];
      // What is sent is let go of.
      this.#families.delete(name);
      for (const piece of pieces) {
        small.push(piece);
        smallBytes += piece.length;
        if (smallBytes < joinedBytes) continue;
        yield Buffer.concat(small.splice(0));
        smallBytes = 0;
      }
    }
    if (smallBytes > 0) yield Buffer.concat(small);
  }

  #of(family: MetricFamily): GrowingBytes {
    const { name, type, help } = family;
    const known = this.#families.get(name);
    if (known !== undefined) return known;
    const bytes = new GrowingBytes();
    const words = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    bytes.write(`# HELP ${name} ${words}\n# TYPE ${name} ${type}\n`);
    this.#families.set(name, bytes);
    return bytes;
  }
}

/** Bytes that are joined into one write of the answer. */
const joinedBytes = 65_536;
