import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../src/http/instant.ts';
import { csvField } from '../../src/core/csv.ts';
import { csvRows } from '../../src/http/reading-csv.ts';
import { acceptedFormat } from '../../src/http/answer-form.ts';
import { unitReading } from './fake-hub.ts';

describe('a field of CSV', () => {
  test.for([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', 'two\\u000alines'],
    ['\u001b[2J', '\\u001b[2J'],
    ['a\u202Eb', 'a\\u202eb'],
    ['=1+2', "'=1+2"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' =1', "' =1"],
    ['\uFF1D1', "'\uFF1D1"],
    ['=a,"b"', '"\'=a,""b"""'],
    ['\t=1', '\\u0009=1'],
    ['größe', 'größe'],
  ])('%j is %j', ([text, field]) => {
    expect(csvField(text ?? '')).toBe(field);
  });

  test('never ends a line, never begins a formula, and reads back as the text that it holds', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        const field = csvField(text);
        for (const character of ['\r', '\n', '\t', '\u001B']) expect(field).not.toContain(character);
        expect(field).not.toMatch(/^"?\s*[=+\-@]/);
        const inner = field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
        expect(inner.includes('"')).toBe(text.includes('"'));
      }),
    );
  });
});

describe('a row of CSV', () => {
  const { reading } = unitReading(1);

  test('is there for a reading without values too', () => {
    expect(csvRows(unitReading(1, { reading: { ...reading, values: {}, source: 'no answer' } }))).toMatch(
      /,1,no answer,,\r\n$/,
    );
  });

  test('of a v1 unit has no label, and negative values are numbers', () => {
    const v1 = { ...reading, id: undefined, epoch: undefined, seq: undefined, values: { celsius: -5.5 } };
    expect(csvRows(unitReading(1, { reading: v1 }))).toBe(
      '2026-11-21T10:00:00.000Z,bench-03,Yw1l0Ck3aT8mQ2vN5xR7sA,cpu_temp,,,,,celsius,-5.5\r\n',
    );
  });

  test('has the number where a clock stands beyond all dates', () => {
    expect(csvRows(unitReading(1, { reading: { ...reading, time: 9e15 } }))).toMatch(/^9000000000000000,bench-03/);
  });
});

describe('Accept', () => {
  test.for([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'json'],
    ['text/csv', 'csv'],
    ['text/*', 'csv'],
    ['TEXT/CSV; header=present', 'csv'],
    ['application/x-ndjson', 'ndjson'],
    ['application/ndjson', 'ndjson'],
    ['application/json;q=0.5, text/csv;q=0.9', 'csv'],
    ['application/json;q=0, */*', 'ndjson'],
    ['application/json;q=0', undefined],
    ['image/png', undefined],
    ['text/csv;q=nonsense', undefined],
  ] as const)('%s is %s', ([accept, format]) => {
    expect(acceptedFormat(accept)).toBe(format);
  });
});

describe('a time', () => {
  test.for([
    ['0', 0],
    ['-5', -5],
    ['1795255200123', 1_795_255_200_123],
    ['2026-11-21T10:00:00Z', 1_795_255_200_000],
    ['2026-11-21t10:00:00.123456z', 1_795_255_200_123],
    ['2026-11-21 11:00:00+01:00', 1_795_255_200_000],
    ['2024-02-29T00:00:00Z', 1_709_164_800_000],
    ['2026-02-29T00:00:00Z', undefined],
    ['2100-02-29T00:00:00Z', undefined],
    ['2026-04-31T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-00-01T00:00:00Z', undefined],
    ['2026-11-21T25:00:00Z', undefined],
    ['2026-11-21T10:00:00', undefined],
    ['2026-11-21T10:00:00 01:00', undefined],
    ['1e3', undefined],
    ['12345678901234567', undefined],
    ['', undefined],
  ] as const)('%s is %d', ([text, ms]) => {
    expect(parseInstant(text)).toBe(ms);
  });
});
