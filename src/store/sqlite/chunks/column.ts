import { TornBytes, type ByteReader } from './byte-reader.ts';
import { wholeBytes, type ByteWriter } from './byte-writer.ts';

/**
 * A column is the numbers of one series in order of time. As a rule they are decimal fractions of few places that change little, by multiples of something: then
 * they are written as whole numbers, each as the difference from what those before it let expect, and all of them divided by what divides them all. Any other
 * numbers are written as they are.
 *
 *     byte 255, f64 little-endian each               any numbers
 *     byte places + 16 * order, divisor,             whole numbers after multiplying by 10 ** places; order 0: themselves; order 1: the
 *       then for each a signed number                difference from the one before; order 2: the difference of two such differences
 */
const asTheyAre = 255;
const placesMax = 9;
/** Differences of differences of numbers below this are exact, and fit into a signed number. */
export const wholeMax = 2 ** 50;

const powers = Array.from({ length: placesMax + 1 }, (_, places) => 10 ** places);

type Order = 0 | 1 | 2;

/** Numbers that are whole after multiplying by a power of ten, and come back when divided by it. */
export interface Decimals {
  readonly wholes: Float64Array;
  readonly places: number;
  readonly power: number;
}

/** Writes the numbers so that each comes back as it is, to the last bit. */
export function writeColumn(numbers: Float64Array, into: ByteWriter): void {
  const decimals = decimalsOf(numbers);
  if (decimals === undefined) {
    into.byte(asTheyAre);
    // The machines that Node.js runs on are little-endian.
    into.bytes(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    return;
  }
  writeWholes(decimals, into);
}

/** As a column whose decimals are known; all of them below `wholeMax`. */
export function writeWholes({ wholes, places }: Pick<Decimals, 'wholes' | 'places'>, into: ByteWriter): void {
  const { order, divisor } = shortestForm(wholes);
  into.byte(places + 16 * order);
  into.whole(divisor);
  let before = 0;
  let difference = 0;
  for (const whole of wholes) {
    const step = whole - before;
    const written = order === 0 ? whole : order === 1 ? step : step - difference;
    into.signed(divisor === 1 ? written : written / divisor);
    difference = step;
    before = whole;
  }
}

/** The next `count` numbers. Throws TornBytes. */
export function readColumn(from: ByteReader, count: number): Float64Array {
  const form = from.byte();
  // A copy: their place among the bytes need not be one that a list of numbers can begin at.
  if (form === asTheyAre) return new Float64Array(new Uint8Array(from.bytes(count * 8)).buffer);
  const power = powers[form % 16] ?? 1;
  const order = form >> 4;
  // Each takes a byte at least: what is damaged must not fill the memory.
  if (count > from.left) throw new TornBytes('the bytes end early');
  const divisor = from.whole();
  const numbers = new Float64Array(count);
  let whole = 0;
  let difference = 0;
  for (let index = 0; index < count; index += 1) {
    const written = from.signed() * divisor;
    difference = order === 2 ? difference + written : written;
    whole = order === 0 ? written : whole + difference;
    numbers[index] = power === 1 ? whole : whole / power;
  }
  return numbers;
}

/** Undefined where there is a number that would not come back as it is. */
export function decimalsOf(numbers: Float64Array, placesMin = 0): Decimals | undefined {
  const places = placesOf(numbers, placesMin);
  const power = powers[places];
  if (power === undefined) return undefined;
  const wholes = new Float64Array(numbers.length);
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] ?? 0;
    const whole = Math.round(number * power);
    if (whole / power !== number || Math.abs(whole) >= wholeMax || Object.is(number, -0)) return undefined;
    wholes[index] = whole;
  }
  return { wholes, places, power };
}

/** The fewest places that all of them need: a quotient of two exact numbers is the nearest to a decimal fraction, as what was read from its digits is. */
function placesOf(numbers: Float64Array, placesMin: number): number {
  let places = placesMin;
  let power = powers[places] ?? Number.NaN;
  for (const number of numbers) {
    while (places <= placesMax && Math.round(number * power) / power !== number) {
      places += 1;
      power = powers[places] ?? Number.NaN;
    }
  }
  return places;
}

/** The order that takes the fewest bytes, and what divides all that is written. */
function shortestForm(wholes: Float64Array): { readonly order: Order; readonly divisor: number } {
  let before = 0;
  let difference = 0;
  let divisor = 0;
  let [none, first, second] = [0, 0, 0];
  for (const whole of wholes) {
    const step = whole - before;
    // What divides the first number and all differences divides whatever order is written.
    if (divisor !== 1) divisor = commonDivisor(Math.abs(step), divisor);
    none += wholeBytes(Math.abs(whole) * 2);
    first += wholeBytes(Math.abs(step) * 2);
    second += wholeBytes(Math.abs(step - difference) * 2);
    difference = step;
    before = whole;
  }
  const order = second < first && second < none ? 2 : first < none ? 1 : 0;
  return { order, divisor: divisor === 0 ? 1 : divisor };
}

/** Euclid's: it ends after one division where `other` divides `one`. */
function commonDivisor(one: number, other: number): number {
  let [larger, smaller] = [one, other];
  while (smaller !== 0) {
    const rest = larger % smaller;
    larger = smaller;
    smaller = rest;
  }
  return larger;
}
