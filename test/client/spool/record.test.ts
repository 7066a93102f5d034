import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRecord, RecordReader, recordBytesMax } from '../../../src/client/spool/record.ts';

const seed = 0x5f2c_91e0;
const payload = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\n', ' ').toWellFormed());

function read(bytes: Buffer, withSeed = seed): { payloads: string[]; damages: number; bytes: number } {
  const reader = new RecordReader(bytes, { at: 0, seed: withSeed });
  const outcome = { payloads: [] as string[], damages: 0, bytes: 0 };
  for (let found = reader.next(); found !== undefined; found = reader.next()) {
    expect(found.at).toBe(outcome.bytes);
    outcome.bytes = found.end;
    if (found.type === 'record') outcome.payloads.push(found.payload);
    else outcome.damages += 1;
  }
  return outcome;
}

const encoded = (payloads: readonly string[]): Buffer =>
  Buffer.from(payloads.map((text) => encodeRecord(text, seed)).join(''));

test('records come back as they were written', () => {
  fc.assert(
    fc.property(fc.array(payload), (payloads) => {
      const bytes = encoded(payloads);
      expect(read(bytes)).toEqual({ payloads, damages: 0, bytes: bytes.length });
    }),
  );
});

test('a wrong byte costs its record and no other', () => {
  const payloads = ['{"one":1}', '{"two":"zwei"}', '', '{"three":[3]}'];
  const bytes = encoded(payloads);
  for (let at = 0; at < bytes.length; at += 1) {
    for (let change = 1; change < 256; change += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ change;
      const { payloads: found } = read(changed);
      expect(payloads.filter((text) => !found.includes(text)).length).toBeLessThanOrEqual(1);
      expect(found.filter((text) => !payloads.includes(text))).toEqual([]);
    }
  }
});

test('of a text that is cut off, all records but the last are there', () => {
  const payloads = ['{"one":1}', '{"two":2}', '{"three":3}'];
  const bytes = encoded(payloads);
  for (let length = 0; length <= bytes.length; length += 1) {
    const whole = payloads.filter((_, index) => encoded(payloads.slice(0, index + 1)).length <= length);
    expect(read(bytes.subarray(0, length)).payloads).toEqual(whole);
  }
});

test('any bytes between records are damage, and the records around them are read', () => {
  fc.assert(
    fc.property(payload, fc.uint8Array({ minLength: 1, maxLength: 200 }), payload, (before, noise, after) => {
      const bytes = Buffer.concat([encoded([before]), noise, Buffer.from('\n'), encoded([after])]);
      expect(read(bytes)).toEqual({ payloads: [before, after], damages: 1, bytes: bytes.length });
    }),
  );
});

test('a record that another segment has left behind is none of this one', () => {
  expect(read(encoded(['{"one":1}']), seed + 1).payloads).toEqual([]);
});

test('a record is as long as its limit at most', () => {
  const longest = 'x'.repeat(recordBytesMax);
  expect(read(encoded([longest])).payloads).toEqual([longest]);
  expect(() => encodeRecord(`${longest}x`, seed)).toThrow('invariant broken');
});
