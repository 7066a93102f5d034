import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TornBytes } from '../../../../src/store/sqlite/chunks/byte-reader.ts';
import { ByteWriter } from '../../../../src/store/sqlite/chunks/byte-writer.ts';
import { packed, unpacked } from '../../../../src/store/sqlite/chunks/packing.ts';
import { decodeReadings, encodeReadings } from '../../../../src/store/sqlite/chunks/reading-chunk.ts';
import type { Label, ReadingRows, StepRows } from '../../../../src/store/sqlite/chunks/rows.ts';
import { decodeSteps, encodeSteps } from '../../../../src/store/sqlite/chunks/step-chunk.ts';

const value = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }).map((tenths) => tenths / 10),
  fc.integer({ min: -(2 ** 49), max: 2 ** 49 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1 / 3, 5e-324),
);
const text = fc.option(fc.string({ maxLength: 5 }), { nil: null });

const readingRows = fc
  .record({
    labels: fc.array(fc.tuple(fc.string({ unit: 'binary' }), text, text), { minLength: 1, maxLength: 5 }),
    rows: fc.array(
      fc.record({
        time: fc.maxSafeInteger(),
        seq: fc.option(fc.maxSafeInteger(), { nil: Number.NaN }),
        label: fc.nat(),
      }),
      { maxLength: 60 },
    ),
    columns: fc.integer({ min: 0, max: 3 }),
    values: fc.array(value, { minLength: 180, maxLength: 180 }),
  })
  .map(({ labels, rows, columns, values }): ReadingRows & { readonly labels: readonly Label[] } => ({
    times: Float64Array.from(rows, ({ time }) => time),
    seqs: Float64Array.from(rows, ({ seq }) => seq),
    labelOf: Uint16Array.from(rows, ({ label }) => label % labels.length),
    labels,
    values: Array.from({ length: columns }, (_, column) =>
      Float64Array.from(rows, (_row, index) => values[column * 60 + index] ?? 0),
    ),
  }));

/** What is the same of rows however their labels are numbered. */
function plain({ times, seqs, labelOf, labels, values }: ReadingRows): unknown {
  return { times, seqs, values, labels: Array.from(labelOf, (label) => labels[label]) };
}

test('readings come back as they were', () => {
  fc.assert(
    fc.property(readingRows, (rows) => {
      const back = decodeReadings(encodeReadings(rows), rows.values.length);
      expect(back && plain(back)).toStrictEqual(plain(rows));
    }),
  );
});

test('a full chunk in which every reading has a label of its own comes back, and keeps no label that it does not use', () => {
  const count = 2_048;
  const labels = Array.from({ length: 5_000 }, (_, index): Label => [`näme ${index}`, `${index}`, null]);
  const rows = {
    times: Float64Array.from({ length: count }, (_, index) => 1_795_255_200_000 + index * 10_000),
    seqs: Float64Array.from({ length: count }, (_, index) => index + 1),
    labelOf: Uint16Array.from({ length: count }, (_, index) => (index * 7) % 5_000),
    labels,
    values: Array.from({ length: 16 }, (_, column) => new Float64Array(count).fill(column / 10)),
  };
  const back = decodeReadings(encodeReadings(rows), 16);
  expect(back && plain(back)).toStrictEqual(plain(rows));
  expect(back?.labels.length).toBe(2_048);
});

/** Steps as they are, and such as no readings make. */
const stepRows = fc
  .record({
    counts: fc.array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 2 ** 20 })), { maxLength: 40 }),
    values: fc.array(fc.tuple(value, value, value), { minLength: 80, maxLength: 80 }),
    columns: fc.integer({ min: 0, max: 2 }),
    isTight: fc.boolean(),
  })
  .map(({ counts, values, columns, isTight }): StepRows => {
    const column = (member: 0 | 1 | 2, at: number): Float64Array =>
      Float64Array.from(counts, (count, index) => {
        const [least = 0, over = 0, sum = 0] = values[at * 40 + index] ?? [];
        if (!isTight) return [least, over, sum][member] ?? 0;
        return [least, least + Math.abs(over), least * count][member] ?? 0;
      });
    const all = (member: 0 | 1 | 2): Float64Array[] => Array.from({ length: columns }, (_, at) => column(member, at));
    return {
      times: Float64Array.from(counts, (_, index) => (index - 10) * 60_000),
      counts: Float64Array.from(counts),
      minima: all(0),
      maxima: all(1),
      sums: all(2),
    };
  });

test('steps come back as they were, to the last bit', () => {
  fc.assert(
    fc.property(stepRows, (rows) => {
      expect(decodeSteps(encodeSteps(rows), rows.minima.length)).toStrictEqual(rows);
    }),
    { numRuns: 500 },
  );
});

test.each([
  {
    what: 'whose sums do not fit beside the least',
    least: -(2 ** 49 - 1),
    greatest: 2 ** 50 - 1,
    count: 15,
    sum: 2 ** 50 - 2,
  },
  { what: 'whose least times count is inexact', least: 2 ** 49 - 1, greatest: 2 ** 49, count: 1_001, sum: 2 ** 50 - 1 },
  { what: 'whose span is large', least: -(2 ** 50) + 1, greatest: 2 ** 50 - 1, count: 2, sum: 0 },
  { what: 'of fractions whose sum is none', least: 0.1, greatest: 0.2, count: 2, sum: 0.1 + 0.2 },
  { what: 'with fewer places in the least than in the sum', least: 1, greatest: 2.5, count: 3, sum: 4.75 },
])('steps $what come back to the last bit', ({ least, greatest, count, sum }) => {
  // The second row is an ordinary one, so that differences between neighbours are large as well.
  const column = (one: number, other: number): Float64Array[] => [Float64Array.of(one, other, one)];
  const rows = {
    times: Float64Array.of(-60_000, 0, 60_000),
    counts: Float64Array.of(count, 1, count),
    minima: column(least, -3),
    maxima: column(greatest, -3),
    sums: column(sum, -3),
  };
  expect(decodeSteps(encodeSteps(rows), 1)).toStrictEqual(rows);
});

const some: ReadingRows = {
  times: Float64Array.from({ length: 300 }, (_, index) => 1_795_255_200_000 + index * 10_000 + ((index * 37) % 100)),
  seqs: Float64Array.from({ length: 300 }, (_, index) => index * 3 + 1),
  labelOf: new Uint16Array(300).fill(1, 100),
  labels: [
    ['u', 'aaaaaaaa', null],
    ['u', 'bbbbbbbb', 'hwmon0'],
  ],
  values: [Float64Array.from({ length: 300 }, (_, index) => ((index * 77) % 1_000) / 10)],
};
const someSteps: StepRows = {
  times: Float64Array.from({ length: 300 }, (_, index) => index * 60_000),
  counts: new Float64Array(300).fill(6),
  minima: some.values,
  maxima: some.values.map((column) => column.map((one) => one + 1.5)),
  sums: some.values.map((column) => column.map((one, index) => one * 6 + (index % 7))),
};

test.each([
  { what: 'readings', bytes: encodeReadings(some), decode: decodeReadings },
  { what: 'steps', bytes: encodeSteps(someSteps), decode: decodeSteps },
])(
  'a chunk of $what that is cut, or has a flipped byte, before or after it is packed, is none or has as many rows as it says',
  ({ bytes, decode }) => {
    const inside = Uint8Array.from(unpacked(bytes));
    let whole = 0;
    for (let place = 0; place < inside.length; place += 1) {
      for (const flip of [1, 128, 255]) {
        const changed = inside.slice();
        changed[place] = (changed[place] ?? 0) ^ flip;
        const rows = decode(Uint8Array.of(1, ...changed), 1);
        if (rows === undefined) continue;
        whole += 1;
        const lists = 'seqs' in rows ? [rows.seqs, ...rows.values] : [rows.counts, ...rows.minima, ...rows.sums];
        for (const list of lists) expect(list.length).toBe(rows.times.length);
      }
      expect(decode(Uint8Array.of(1, ...inside.subarray(0, place)), 1)).toBeUndefined();
    }
    expect(whole).toBeGreaterThan(0);
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = bytes.slice();
      changed[place] = (changed[place] ?? 0) ^ 4;
      decode(changed, 1);
      expect(decode(bytes.subarray(0, place), 1)).toBeUndefined();
    }
  },
);

test('a chunk of other columns than it was written with is none', () => {
  expect([0, 2, 3].map((columns) => decodeReadings(encodeReadings(some), columns))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([0, 2, 3].map((columns) => decodeSteps(encodeSteps(someSteps), columns))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

function hostile(...parts: readonly (number | string)[]): Uint8Array {
  const into = new ByteWriter();
  for (const part of parts) {
    if (typeof part === 'number') {
      into.whole(part);
      continue;
    }
    into.whole(part.length);
    into.bytes(Buffer.from(part));
  }
  return packed(into.view());
}

const label = '[["u",null,null]]';

test.each([
  { what: 'of a count without end', bytes: hostile(2 ** 40, label, 1, 0, 2 ** 40) },
  { what: 'of a count that memory has room for', bytes: hostile(2 ** 27, label, 1, 0, 2 ** 27) },
  { what: 'whose labels are longer than it is', bytes: hostile(1, 2 ** 40) },
  { what: 'of runs without end', bytes: hostile(1, label, 2 ** 40, 0, 0, 0, 0) },
  { what: 'whose runs are too long', bytes: hostile(1, label, 1, 0, 2 ** 40) },
  { what: 'whose runs are too short', bytes: hostile(2, label, 1, 0, 1, 0, 1, 2, 2, 0, 1, 2, 2) },
  { what: 'of a label that it does not have', bytes: hostile(1, label, 1, 1, 1, 0, 1, 2, 0, 1, 2) },
  { what: 'whose labels are no labels', bytes: hostile(1, '[["u",null,7]]', 1, 0, 1, 0, 1, 2, 0, 1, 2) },
  { what: 'whose labels are no JSON', bytes: hostile(1, '[["u",', 1, 0, 1, 0, 1, 2, 0, 1, 2) },
])('a chunk $what is none, and takes no memory', ({ bytes }) => {
  const before = process.memoryUsage().arrayBuffers;
  expect(decodeReadings(bytes, 0)).toBeUndefined();
  expect(decodeSteps(bytes, 0)).toBeUndefined();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
});

test('what no chunk can be as long as is not inflated', () => {
  const long = deflateRawSync(new Uint8Array(64 * 1024 * 1024));
  expect(() => unpacked(Buffer.concat([Uint8Array.of(2), long]))).toThrow(TornBytes);
});

test.each([[[]], [[0, 1, 2]], [[3, 1]], [[255]], [[2]], [[2, 255, 255]]])('%j is not packed', (bytes) => {
  expect(() => unpacked(Uint8Array.from(bytes))).toThrow(TornBytes);
});

test('any bytes come back from being packed, short and long, that can be deflated or not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.nat({ max: 5_000 }), (bytes, zeros) => {
      for (const all of [bytes, Uint8Array.from([...bytes, ...new Uint8Array(zeros)])]) {
        expect(Buffer.compare(unpacked(packed(all)), all)).toBe(0);
        expect(packed(all).length).toBeLessThanOrEqual(all.length + 1);
      }
    }),
  );
});
