import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabelledReading, Reading } from '../../src/core/reading.ts';
import { fitReading, parseReading, readingData } from '../../src/session/reading-codec.ts';
import { jsonBytes, shorten } from '../../src/session/json-text.ts';
import { hostileText } from './hostile-text.ts';
import { sha256 } from './tag.ts';

const epoch = fc.stringMatching(/^[0-9a-f]{8}$/);
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,31}$/);
const taken = new Set('seq time sensor id epoch source unit client_id level event taken v'.split(' '));
const valueName = name.filter((text) => !taken.has(text));
/** JSON knows no other zero. */
const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number));
const anyText = fc.string({ unit: 'binary', maxLength: 400 });

function reading(text: fc.Arbitrary<string>, valuesMax: number): fc.Arbitrary<Reading> {
  const values = fc.dictionary(valueName, value, { maxKeys: valuesMax, noNullPrototype: true });
  const id = fc.option(text, { nil: undefined });
  return fc.record({ sensor: name, id, source: id, values });
}

function label(one: Reading, seq: number, ownEpoch: string): LabelledReading {
  return { ...one, seq, epoch: ownEpoch, time: 1_795_255_200_123 };
}

function parsed(members: object): ReturnType<typeof parseReading> {
  return parseReading(JSON.stringify(members), '5f2c91e0');
}

const cpu = { seq: 41, time: 1_795_255_200_123, sensor: 'cpu_temp', celsius: 54.5 };

describe('a reading', () => {
  test('comes back from its data as it was, under its own epoch', () => {
    const source = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && jsonBytes(text) <= 48);
    fc.assert(
      fc.property(reading(source, 16), fc.maxSafeInteger(), epoch, epoch, (one, number, own, registered) => {
        const labelled = label(one, Math.abs(number) + 1, own);
        fc.pre(Number.isSafeInteger(labelled.seq));
        expect(parseReading(readingData(labelled, registered), registered)).toEqual(labelled);
        expect(parseReading(readingData(labelled, own), own)).toEqual(labelled);
      }),
    );
  });

  test('is written as the protocol shows it, and names its epoch only where it must', () => {
    const one = {
      ...label({ sensor: 'disk', id: '/', source: 's', values: { used: 1, total: 2 } }, 42, '5f2c91e0'),
      time: 7,
    };
    expect(readingData(one, '5f2c91e0')).toBe(
      '{"seq":42,"time":7,"sensor":"disk","id":"/","source":"s","used":1,"total":2}',
    );
    expect(readingData(one, 'other')).toBe(
      '{"seq":42,"time":7,"sensor":"disk","id":"/","epoch":"5f2c91e0","source":"s","used":1,"total":2}',
    );
  });

  test.each<readonly [string, object, string]>([
    ['seq of 0', { ...cpu, seq: 0 }, 'seq is not'],
    ['seq of 2^53', { ...cpu, seq: 2 ** 53 }, 'seq is not'],
    ['half a seq', { ...cpu, seq: 1.5 }, 'seq is not'],
    ['no seq', { ...cpu, seq: undefined }, 'seq is not'],
    ['a string for seq', { ...cpu, seq: '41' }, 'seq is not'],
    ['no time', { ...cpu, time: undefined }, 'time is not'],
    ['half a time', { ...cpu, time: 0.5 }, 'time is not'],
    ['a time before 1970', { ...cpu, time: -1 }, 'time is not'],
    ['a time that no date has', { ...cpu, time: 8_640_000_000_000_001 }, 'time is not'],
    ['no sensor', { ...cpu, sensor: undefined }, 'sensor is not'],
    ['a sensor in capitals', { ...cpu, sensor: 'CPU' }, 'sensor is not'],
    ['a sensor that begins with a digit', { ...cpu, sensor: '1cpu' }, 'sensor is not'],
    ['a sensor of 33 bytes', { ...cpu, sensor: 'x'.repeat(33) }, 'sensor is not'],
    ['a sensor with a line feed', { ...cpu, sensor: 'cpu\n' }, 'sensor is not'],
    ['a number for id', { ...cpu, id: 5 }, 'id is not'],
    ['null for id', { ...cpu, id: null }, 'id is not'],
    ['a number for source', { ...cpu, source: 5 }, 'source is not'],
    ['a source of 49 bytes', { ...cpu, source: 'x'.repeat(49) }, 'source is not'],
    ['a source of 49 bytes of JSON', { ...cpu, source: `x${'\n'.repeat(24)}` }, 'source is not'],
    ['an epoch that is none', { ...cpu, epoch: 'x' }, 'epoch is not'],
    ['a value that is a string', { ...cpu, used: 'much' }, 'used is not a number'],
    ['a value that is true', { ...cpu, used: true }, 'used is not a number'],
    ['a value that is null', { ...cpu, used: null }, 'used is not a number'],
    ['a value that is an object', { ...cpu, used: {} }, 'used is not a number'],
    ['a value named in capitals', { ...cpu, Used: 1 }, '"Used" is not of the form'],
    ['a value named nothing', { ...cpu, '': 1 }, '"" is not of the form'],
    ['17 values', { ...cpu, ...Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`a${i}`, i])) }, '17 values'],
    ...['unit', 'client_id', 'level', 'event', 'taken', 'v'].map(
      (word) => [`a value named ${word}`, { ...cpu, [word]: 1 }, `${word} is no name for a value`] as const,
    ),
  ])('cannot have %s', (_, members, words) => {
    const fault = parsed(members);
    expect(fault).toBeTypeOf('string');
    expect(fault).toContain(words);
  });

  test.each([
    ['infinite', '{"seq":1,"time":1,"sensor":"a","used":1e999}', 'used is not a number'],
    ['a prototype', '{"seq":1,"time":1,"sensor":"a","__proto__":{"x":1}}', '"__proto__" is not of the form'],
    ['an array', '[]', 'the data is not a JSON object'],
    ['text', 'CPU temperature: 54.5', 'the data is not a JSON object'],
  ])('is nothing %s', (_, data, words) => {
    expect(parseReading(data, '5f2c91e0')).toContain(words);
  });

  test.each([
    ['no values', { ...cpu, celsius: undefined }],
    ['seq of 2^53-1', { ...cpu, seq: Number.MAX_SAFE_INTEGER }],
    ['the last time of all', { ...cpu, time: 8_640_000_000_000_000 }],
    ['the first time of all', { ...cpu, time: 0 }],
    [
      '16 values',
      { seq: 1, time: 1, sensor: 'a', ...Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`a${i}`, i])) },
    ],
    ['a source of 48 bytes', { ...cpu, source: 'é'.repeat(24) }],
    ['an empty id and source', { ...cpu, id: '', source: '' }],
    ['a sensor of 32 bytes', { ...cpu, sensor: 'x'.repeat(32) }],
    ['a value that objects have', { ...cpu, constructor: 5, valueof: 5 }],
  ])('may have %s', (_, members) => {
    expect(parsed(members)).toBeTypeOf('object');
  });

  test('is never more than its words: parsing does not throw, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const one = parseReading(text, '5f2c91e0');
        if (typeof one === 'string') expect(one).not.toBe('');
        else expect(Object.values(one.values).every(Number.isFinite)).toBe(true);
      }),
    );
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });
});

describe('a reading that is to fit', () => {
  test('has at most 235 bytes under any label, with the values that it had', () => {
    fc.assert(
      fc.property(reading(anyText, 8), fc.constantFrom(1, Number.MAX_SAFE_INTEGER), epoch, (one, seq, own) => {
        const fit = fitReading(one, sha256);
        if (fit === undefined) {
          // Then nothing that may go would have helped.
          const { sensor, values } = one;
          const id = one.id === undefined ? {} : { id: '~12345678' };
          const longest = { seq: Number.MAX_SAFE_INTEGER, time: 8_640_000_000_000_000, epoch: '00000000' };
          expect(JSON.stringify({ ...longest, sensor, ...id, ...values }).length).toBeGreaterThan(235);
          return;
        }
        expect(fit.values).toEqual(one.values);
        expect(fit.sensor).toBe(one.sensor);
        const labelled = { ...label(fit, seq, own), time: 8_640_000_000_000_000 };
        const data = readingData(labelled, undefined);
        expect(new TextEncoder().encode(data).length).toBeLessThanOrEqual(235);
        // Lone surrogates do not survive UTF-8, and are no reason to refuse a reading.
        expect(parseReading(new TextDecoder().decode(new TextEncoder().encode(data)), own)).toBeTypeOf('object');
      }),
      { numRuns: 300 },
    );
  });

  test('is left as it is where it fits', () => {
    const one = { sensor: 'disk', id: '/', source: 'x'.repeat(48), values: { used: 1 } };
    expect(fitReading(one, sha256)).toBe(one);
  });

  test('has a source of at most 48 bytes', () => {
    const one = { sensor: 'disk', id: '/', source: 'x'.repeat(49), values: { used: 1 } };
    expect(fitReading(one, sha256)?.source).toBe(`${'x'.repeat(39)}~${sha256('x'.repeat(49)).slice(0, 8)}`);
  });

  test('loses its source first, then has its id shortened', () => {
    const id = 'i'.repeat(120);
    const fit = fitReading({ sensor: 'disk', id, source: 'x'.repeat(48), values: { used: 1 } }, sha256);
    expect(fit).toEqual({ sensor: 'disk', id, values: { used: 1 } });
    const long = 'i'.repeat(300);
    const shortened = fitReading({ sensor: 'disk', id: long, source: 'x', values: { used: 1 } }, sha256);
    expect(shortened?.source).toBeUndefined();
    expect(shortened?.id).toMatch(new RegExp(`^i+~${sha256(long).slice(0, 8)}$`));
  });

  test('keeps different ids different', () => {
    const ids = ['a', 'b'].map(
      (end) => fitReading({ sensor: 'disk', id: 'i'.repeat(300) + end, values: {} }, sha256)?.id,
    );
    expect(new Set(ids).size).toBe(2);
  });

  test('cannot be one whose values alone are too long', () => {
    const values = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`${'v'.repeat(30)}${i}`, i]));
    expect(fitReading({ sensor: 'a', values }, sha256)).toBeUndefined();
    expect(fitReading({ sensor: 'a', id: 'x', values }, sha256)).toBeUndefined();
  });
});

describe('a text that is shortened', () => {
  test('has at most so many bytes of JSON, begins as it began, and ends in its own mark', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 9, max: 100 }), (text, bytesMax) => {
        const short = shorten(text, bytesMax, sha256);
        expect(jsonBytes(short)).toBeLessThanOrEqual(bytesMax);
        if (jsonBytes(text) <= bytesMax) {
          expect(short).toBe(text);
          return;
        }
        expect(short.endsWith(`~${sha256(text).slice(0, 8)}`)).toBe(true);
        const kept = short.slice(0, -9);
        expect(text.startsWith(kept)).toBe(true);
        // It ends with a whole character, and the next one would not have fitted.
        const [next] = text.slice(kept.length);
        expect(jsonBytes(kept + (next ?? '')) + 9).toBeGreaterThan(bytesMax);
        if (text.isWellFormed()) expect(short.isWellFormed()).toBe(true);
      }),
    );
  });

  test.each([
    ['x', 1],
    ['"', 2],
    ['\n', 2],
    ['\u0001', 6],
    ['é', 2],
    ['😀', 4],
    ['\ud800', 6],
  ])('is measured in bytes of its JSON form: %j has %i', (text, bytes) => {
    expect(jsonBytes(text)).toBe(bytes);
  });
});
