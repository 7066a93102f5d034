import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, TornBytes } from '../../../../src/store/sqlite/chunks/byte-reader.ts';
import { ByteWriter, wholeBytes } from '../../../../src/store/sqlite/chunks/byte-writer.ts';
import { readColumn, writeColumn } from '../../../../src/store/sqlite/chunks/column.ts';

function bytesOf(numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const into = new ByteWriter();
  writeColumn(Float64Array.from(numbers), into);
  return into.view().slice();
}

/** The bits of each, which tell -0 from 0. */
function bitsOf(numbers: Iterable<number>): readonly bigint[] {
  return [...new BigUint64Array(Float64Array.from(numbers).buffer)];
}

function expectBack(numbers: readonly number[]): void {
  const from = new ByteReader(bytesOf(numbers));
  expect(bitsOf(readColumn(from, numbers.length))).toEqual(bitsOf(numbers));
  expect(from.isAtEnd).toBe(true);
}

const special = [
  Number.NaN,
  -0,
  0,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  2.225_073_858_507_201e-308,
  Number.MAX_VALUE,
  Number.EPSILON,
  2 ** 49,
  2 ** 50 - 1,
  2 ** 50,
  -(2 ** 50) + 1,
  2 ** 53,
  2 ** 53 - 1,
  -(2 ** 53),
  8_640_000_000_000_000,
  1e21,
  0.1 + 0.2,
  1 / 3,
];

const decimal = fc
  .tuple(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, places]) => Number(`${digits}e-${places}`));
const whole = fc.maxSafeInteger();
const any = fc.double();

/** Columns as sensors have them, and as nobody would. */
const columns = fc.oneof(
  fc.array(any, { maxLength: 200 }),
  fc.array(decimal, { maxLength: 200 }),
  fc.array(whole, { maxLength: 200 }),
  fc.array(fc.oneof(decimal, whole, any, fc.constantFrom(...special)), { maxLength: 200 }),
  // Memory in pages.
  fc.array(
    fc.integer({ min: 0, max: 2 ** 38 }).map((pages) => pages * 4_096),
    { maxLength: 200 },
  ),
  fc.tuple(fc.oneof(decimal, whole, any), fc.integer({ min: 0, max: 3_000 })).map(([one, count]) => fill(count, one)),
  // A counter, and a clock that ticks evenly but for its noise.
  fc
    .tuple(decimal, decimal, fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 300 }))
    .map(([begin, step, noise]) => noise.map((one, index) => begin + index * step + one)),
  fc.tuple(decimal, decimal).map(([one, other]) => fill(100, one).map((value, index) => (index % 2 ? value : other))),
);

function fill(count: number, value: number): number[] {
  return Array.from({ length: count }, () => value);
}

test('any numbers come back to the last bit', () => {
  fc.assert(
    fc.property(columns, (numbers) => {
      const from = new ByteReader(bytesOf(numbers));
      expect(bitsOf(readColumn(from, numbers.length))).toEqual(bitsOf(numbers));
      expect(from.isAtEnd).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('each special number comes back to the last bit, alone, repeated, and among others', () => {
  for (const one of special) {
    for (const column of [[one], [one, one, one], [1.5, one, 2.5], [0, one], [one, 0]]) expectBack(column);
  }
  expectBack(special);
  expectBack([]);
});

test.each([
  { what: 'a constant', numbers: fill(2_048, 250_059_350_016), most: 2 + 7 + 2_048 },
  { what: 'even times', numbers: fill(2_048, 0).map((_, index) => 1_795_255_200_000 + index * 10_000), most: 2_070 },
  { what: 'pages', numbers: fill(512, 0).map((_, index) => 4_096 * (1e6 + ((index * 7) % 50))), most: 1_040 },
  { what: 'tenths', numbers: fill(512, 0).map((_, index) => (450 + ((index * 13) % 40)) / 10), most: 530 },
  { what: 'billionths', numbers: fill(512, 0).map((_, index) => (1_000 + ((index * 13) % 40)) / 1e9), most: 530 },
])('$what takes a byte or two a number', ({ numbers, most }) => {
  expectBack(numbers);
  expect(bytesOf(numbers).length).toBeLessThanOrEqual(most);
});

test('decimals of more places than nine, and numbers beyond 2^50, take eight bytes each', () => {
  for (const numbers of [
    [0.123_456_789_1, 2],
    [2 ** 50, 1],
    [-0, 1],
  ]) {
    expectBack(numbers);
    expect(bytesOf(numbers)[0]).toBe(255);
    expect(bytesOf(numbers).length).toBe(17);
  }
});

test('a whole number takes as many bytes as is said, and comes back', () => {
  const into = new ByteWriter();
  const numbers = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 49, 2 ** 53 - 1, 2 ** 53];
  for (const number of numbers) {
    const before = into.length;
    into.whole(number);
    expect(into.length - before).toBe(wholeBytes(number));
  }
  for (const number of [0, -1, 1, -64, 64, 2 ** 52 - 1, -(2 ** 52)]) into.signed(number);
  const from = new ByteReader(into.view());
  expect(numbers.map(() => from.whole())).toEqual(numbers);
  expect(Array.from({ length: 7 }, () => from.signed())).toEqual([0, -1, 1, -64, 64, 2 ** 52 - 1, -(2 ** 52)]);
  expect(from.left).toBe(0);
});

test('a number without an end is torn, wherever it is cut', () => {
  for (const bytes of [[], [128], [255, 255], fill(8, 255), fill(20, 255), [...fill(9, 128), 1]]) {
    expect(() => new ByteReader(Uint8Array.from(bytes)).whole(), JSON.stringify(bytes)).toThrow(TornBytes);
  }
});

/** Numbers or TornBytes, and nothing else. */
function readOrTorn(bytes: Uint8Array, count: number): Float64Array | undefined {
  try {
    return readColumn(new ByteReader(bytes), count);
  } catch (error) {
    if (error instanceof TornBytes) return undefined;
    throw error;
  }
}

test('a column that is cut anywhere is torn', () => {
  fc.assert(
    fc.property(
      columns.filter((numbers) => numbers.length > 0),
      fc.nat(),
      (numbers, place) => {
        const bytes = bytesOf(numbers);
        expect(readOrTorn(bytes.subarray(0, place % bytes.length), numbers.length)).toBeUndefined();
      },
    ),
  );
});

test('flipped bytes give as many numbers or are torn', () => {
  fc.assert(
    fc.property(columns, fc.nat(), fc.integer({ min: 1, max: 255 }), (numbers, place, flip) => {
      const bytes = bytesOf(numbers);
      const index = place % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ flip;
      expect([undefined, numbers.length]).toContain(readOrTorn(bytes, numbers.length)?.length);
    }),
  );
});

test.each([2 ** 20, 2 ** 32, 2 ** 40, 2 ** 53])(
  'a column of %d numbers in a few bytes is torn, and takes no memory',
  (count) => {
    for (const form of [0, 1, 16, 41, 254, 255]) {
      const before = process.memoryUsage().arrayBuffers;
      expect(readOrTorn(Uint8Array.from([form, 1, 2, 3, 4, 5, 6, 7, 8]), count)).toBeUndefined();
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    }
  },
);
