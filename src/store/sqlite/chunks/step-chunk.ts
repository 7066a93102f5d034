import { ByteReader, TornBytes } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { decimalsOf, readColumn, wholeMax, writeColumn, writeWholes } from './column.ts';
import { packed, unpacked } from './packing.ts';
import type { StepRows } from './rows.ts';

/**
 * The bytes of a chunk of a roll-up. Before they are packed (packing.ts): how many steps, the columns `times` and `counts`, and for each name
 *
 *     byte 255, columns least, greatest, sum           any numbers
 *     byte places, columns least, greatest less        whole numbers after multiplying by 10 ** places; the last two are small where a value
 *       least, sum less least times count              changes little within a step
 */
const asTheyAre = 255;

export function encodeSteps({ times, counts, minima, maxima, sums }: StepRows): Uint8Array<ArrayBuffer> {
  const into = new ByteWriter();
  into.whole(times.length);
  writeColumn(times, into);
  writeColumn(counts, into);
  for (const [name, least] of minima.entries()) {
    const value = { least, greatest: maxima[name] ?? least, sum: sums[name] ?? least };
    const close = closeTogether(counts, value);
    into.byte(close?.places ?? asTheyAre);
    for (const wholes of close?.columns ?? []) writeWholes({ wholes, places: 0 }, into);
    if (close === undefined) for (const column of [least, value.greatest, value.sum]) writeColumn(column, into);
  }
  return packed(into.view());
}

/** Undefined where the bytes are no chunk of a roll-up with so many values. */
export function decodeSteps(bytes: Uint8Array, columns: number): StepRows | undefined {
  try {
    const from = new ByteReader(unpacked(bytes));
    const count = from.whole();
    const times = readColumn(from, count);
    const counts = readColumn(from, count);
    const minima: Float64Array[] = [];
    const maxima: Float64Array[] = [];
    const sums: Float64Array[] = [];
    for (let name = 0; name < columns; name += 1) {
      const places = from.byte();
      const least = readColumn(from, count);
      const greatest = readColumn(from, count);
      const sum = readColumn(from, count);
      if (places !== asTheyAre) apart(counts, { least, greatest, sum }, 10 ** places);
      minima.push(least);
      maxima.push(greatest);
      sums.push(sum);
    }
    return from.isAtEnd ? { times, counts, minima, maxima, sums } : undefined;
  } catch (error) {
    if (error instanceof TornBytes || error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Value {
  readonly least: Float64Array;
  readonly greatest: Float64Array;
  readonly sum: Float64Array;
}

/** What is written of a value's columns; undefined where they would not come back as they are. */
function closeTogether(
  counts: Float64Array,
  { least, greatest, sum }: Value,
): { readonly places: number; readonly columns: readonly Float64Array[] } | undefined {
  // Those of the others are among the least of some step, as a rule.
  let places = decimalsOf(least)?.places;
  places = places === undefined ? undefined : decimalsOf(greatest, places)?.places;
  const all = places === undefined ? undefined : decimalsOf(sum, places);
  if (all === undefined) return undefined;
  const low = decimalsOf(least, all.places)?.wholes;
  const high = decimalsOf(greatest, all.places)?.wholes;
  if (low === undefined || high === undefined) return undefined;
  for (const [step, whole] of low.entries()) {
    const product = whole * (counts[step] ?? 0);
    const over = (high[step] ?? 0) - whole;
    const rest = (all.wholes[step] ?? 0) - product;
    // Then the product is below twice as much, and exact.
    if (Math.max(Math.abs(over), Math.abs(rest)) >= wholeMax) return undefined;
    high[step] = over;
    all.wholes[step] = rest;
  }
  return { places: all.places, columns: [low, high, all.wholes] };
}

/** Makes of the columns as they are written those of the value. */
function apart(counts: Float64Array, { least, greatest, sum }: Value, power: number): void {
  for (const [step, whole] of least.entries()) {
    greatest[step] = (whole + (greatest[step] ?? 0)) / power;
    sum[step] = (whole * (counts[step] ?? 0) + (sum[step] ?? 0)) / power;
    least[step] = whole / power;
  }
}
