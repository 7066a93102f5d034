import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEntry, encodeAnswered, encodeKept, encodeReadings } from '../../../src/client/spool/entry.ts';
import { recordBytesMax } from '../../../src/client/spool/record.ts';
import type { LabelledReading } from '../../../src/core/reading.ts';
import { readings } from './opened.ts';

const reading = fc.record({
  epoch: fc.constantFrom('5f2c91e0', '00000001'),
  seq: fc.integer({ min: 1, max: 5 }),
  time: fc.constantFrom(1_795_255_200_123, 1_795_255_210_123),
  sensor: fc.constantFrom('cpu_temp', 'disk'),
  id: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  source: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
  values: fc.dictionary(
    fc.constantFrom('used', 'total', 'celsius'),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  ),
});

function decoded(payloads: readonly string[]): LabelledReading[] {
  return payloads.flatMap((payload) => {
    const entry = decodeEntry(payload);
    if (entry?.type !== 'round') throw new Error(`${payload} is no round`);
    return entry.readings;
  });
}

test('readings come back as they were, in their order', () => {
  fc.assert(
    fc.property(fc.array(reading), (some) => {
      expect(decoded(encodeReadings(some))).toEqual(some);
    }),
  );
});

test('a round is one record, and a large one several', () => {
  expect(encodeReadings(readings('a', 1, 64, 7))).toHaveLength(1);
  expect(encodeReadings(readings('a', 1, 65, 7))).toHaveLength(2);
  expect(encodeReadings([])).toEqual([]);
});

test('readings of any length fit into records', () => {
  const long = readings('a', 1, 64, 7).map((each) => Object.assign(each, { id: '☃'.repeat(1_000) }));
  const payloads = encodeReadings(long);
  expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThanOrEqual(recordBytesMax);
  expect(decoded(payloads)).toEqual(long);
});

test('a value that is no number stays none, and does not cost its round', () => {
  const [first, second] = readings('a', 1, 2, 7);
  const broken = { ...first, values: { value: Number.NaN } } as LabelledReading;
  expect(decoded(encodeReadings([broken, second as LabelledReading]))).toEqual([broken, second]);
});

test('what was answered comes back', () => {
  const ranges = [
    { epoch: 'a', from: 1, to: 7 },
    { epoch: 'b', from: 2, to: 2 },
  ];
  expect(encodeAnswered(ranges).map(decodeEntry)).toEqual([{ type: 'answered', ranges }]);
  expect(encodeKept(12, ranges).map(decodeEntry)).toEqual([{ type: 'kept', segment: 12, ranges }]);
  expect(encodeAnswered([])).toEqual([]);
});

test('a record of ranges is no longer than a record may be', () => {
  const ranges = Array.from({ length: 3_000 }, (_, index) => ({
    epoch: 'ffffffff',
    from: 2 * index + 1,
    to: Number.MAX_SAFE_INTEGER,
  }));
  const payloads = encodeAnswered(ranges);
  expect(Math.max(...payloads.map((payload) => payload.length))).toBeLessThanOrEqual(recordBytesMax);
  expect(payloads.flatMap((payload) => decodeEntry(payload))).toHaveLength(3);
  expect(encodeKept(1, ranges)).toEqual([]);
});

test('a payload of another form is no entry, whatever it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(decodeEntry(text)).toBeUndefined();
    }),
  );
  const round = { epoch: 'a', seq: 1, time: 7, readings: [['x', { y: 1 }]] };
  expect(decodeEntry(JSON.stringify(round))?.type).toBe('round');
  for (const wrong of [
    { ...round, epoch: 1 },
    { ...round, seq: 0 },
    { ...round, seq: 1.5 },
    { ...round, time: '7' },
    { ...round, readings: [] },
    { ...round, readings: [['x']] },
    { ...round, readings: [['x', { y: '1' }]] },
    { ...round, readings: [[1, { y: 1 }]] },
    { ...round, readings: [['x', { y: 1 }, 3]] },
    { ...round, readings: [['x', { y: 1 }, 'id', 3]] },
    { answered: [['a', 2, 1]] },
    { answered: [['a', 0, 1]] },
    { kept: [['a', 1, 1]] },
  ]) {
    expect(decodeEntry(JSON.stringify(wrong)), JSON.stringify(wrong)).toBeUndefined();
  }
});
