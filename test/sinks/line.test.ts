import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnitReading } from '../../src/core/reading.ts';
import { formatEvent, formatReadings } from '../../src/sinks/line.ts';

const json = { style: 'json' } as const;
const pretty = { style: 'pretty', colour: false } as const;
const timeMs = Date.UTC(2026, 10, 21, 10, 0, 1, 123);
const localTime = /^\d\d:\d\d:01\.123 /;

const reading: UnitReading = {
  clientId: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
  unit: 'bench-03',
  reading: {
    seq: 41,
    epoch: '5f2c91e0',
    time: 1_795_255_200_123,
    sensor: 'cpu_temp',
    id: 'coretemp/Package id 0',
    source: 'coretemp',
    values: { celsius: 54.5 },
  },
};
const fromV1: UnitReading = {
  clientId: 'c1',
  unit: 'old',
  reading: { seq: undefined, epoch: undefined, time: 5, sensor: 'ram', values: { used: 6_123_456_789, total: 999 } },
};

/** Any characters, with those that are dangerous in a log far more often than chance has them. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
    fc.constantFrom('\n', '\r', '\u001b', '\0', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029', '\u202e', '\u2066'),
    fc.constantFrom('"', '\\', '=', ' ', '\t', '\ud800', '\udfff', '{', '}'),
  ),
});
const forbidden = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const fieldValue = fc.oneof(
  hostile,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
);

describe('JSON lines', () => {
  test('a reading carries the members of the outside contract, in its order', () => {
    expect(formatReadings([reading], timeMs, json)).toBe(
      '{"time":"2026-11-21T10:00:01.123Z","level":"info","event":"reading","unit":"bench-03",' +
        '"client_id":"Yw1l0Ck3aT8mQ2vN5xR7sA","sensor":"cpu_temp","id":"coretemp/Package id 0","epoch":"5f2c91e0","seq":41,' +
        '"taken":1795255200123,"source":"coretemp","celsius":54.5}\n',
    );
  });

  test('what a reading does not have is left out', () => {
    expect(JSON.parse(formatReadings([fromV1], timeMs, json))).toStrictEqual({
      time: '2026-11-21T10:00:01.123Z',
      level: 'info',
      event: 'reading',
      unit: 'old',
      client_id: 'c1',
      sensor: 'ram',
      taken: 5,
      used: 6_123_456_789,
      total: 999,
    });
  });

  test('an event carries time, level and event, then its fields without those that are undefined', () => {
    const fields = { listener: 'tcp', port: 34_567, secure: false, zone: undefined, peer: null };
    expect(formatEvent({ timeMs, level: 'info', event: 'listening', fields }, json)).toBe(
      '{"time":"2026-11-21T10:00:01.123Z","level":"info","event":"listening","listener":"tcp","port":34567,"secure":false,"peer":null}\n',
    );
  });

  test('a field cannot replace what every line has', () => {
    const line = formatEvent(
      { timeMs, level: 'warn', event: 'lost', fields: { level: 'debug', event: 'x', time: 1 } },
      json,
    );
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', event: 'lost', level_: 'debug', event_: 'x', time_: 1 });
  });

  test('a number that JSON does not have becomes null', () => {
    const line = formatEvent({ timeMs, level: 'info', event: 'e', fields: { a: Number.NaN, b: -Infinity } }, json);
    expect(JSON.parse(line)).toMatchObject({ a: null, b: null });
  });

  test('whatever the fields hold, an event is one line of visible characters that parses back to them', () => {
    // V8 13.6 reads the key of {"a":1,"\u001b":2} as a backslash once it has seen an object with "a" and a backslash: it compares a key that
    // it expects with the characters of an escaped one. So no name here begins with a backslash.
    const names = hostile.filter(
      (name) => !name.startsWith('\\') && !['time', 'level', 'event', '__proto__'].includes(name),
    );
    fc.assert(
      fc.property(hostile, fc.dictionary(names, fieldValue), (event, fields) => {
        const line = formatEvent({ timeMs, level: 'info', event, fields }, json);
        expect(line.endsWith('}\n')).toBe(true);
        expect(line.slice(0, -1)).not.toMatch(forbidden);
        const wanted: unknown = JSON.parse(
          JSON.stringify({ ...fields, time: '2026-11-21T10:00:01.123Z', level: 'info', event }),
        );
        expect(JSON.parse(line)).toEqual(wanted);
      }),
    );
  });

  test('whatever units and readings are called, each reading is one line that parses back to them', () => {
    const unitReading = fc.record({ unit: hostile, clientId: hostile, sensor: hostile, id: hostile, source: hostile });
    fc.assert(
      fc.property(fc.array(unitReading), (made) => {
        const readings = made.map(({ unit, clientId, sensor, id, source }): UnitReading => {
          return {
            unit,
            clientId,
            reading: { sensor, id, source, time: 1, epoch: undefined, seq: undefined, values: {} },
          };
        });
        const lines = formatReadings(readings, timeMs, json).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.every((line) => !forbidden.test(line))).toBe(true);
        const back = lines.map((line): unknown => JSON.parse(line));
        expect(back).toMatchObject(made.map(({ clientId, ...rest }) => ({ ...rest, client_id: clientId })));
      }),
    );
  });
});

describe('pretty lines', () => {
  test('a reading shows its unit, sensor, id, values and source', () => {
    const line = formatReadings([reading], timeMs, pretty);
    expect(line).toMatch(localTime);
    expect(line.slice(12)).toBe(' reading bench-03 cpu_temp coretemp/Package id 0  celsius=54.5  source=coretemp\n');
  });

  test('bytes are shown in powers of 1000', () => {
    expect(formatReadings([fromV1], timeMs, pretty).slice(12)).toBe(' reading old ram  used=6.1GB total=999B\n');
    const values = { a: 999_949, b: 999_960, c: 51_234_567_890, d: 3e30 };
    const disk: UnitReading = { ...fromV1, reading: { ...fromV1.reading, sensor: 'disk', values } };
    expect(formatReadings([disk], timeMs, pretty)).toContain('  a=999.9kB b=1.0MB c=51.2GB d=3000000000000.0EB\n');
  });

  test('a ratio is no number of bytes', () => {
    const full: UnitReading = { ...fromV1, reading: { ...fromV1.reading, sensor: 'disk', values: { used_ratio: 1 } } };
    expect(formatReadings([full], timeMs, pretty)).toContain(' old disk  used_ratio=1\n');
  });

  test('a value that is not bytes keeps six digits', () => {
    const values = { utilisation: 0.123_456_789, load1: 2, uptime: 123_456_789 };
    const cpu: UnitReading = { ...fromV1, reading: { ...fromV1.reading, sensor: 'cpu', values } };
    expect(formatReadings([cpu], timeMs, pretty)).toContain('  utilisation=0.123457 load1=2 uptime=123456789\n');
  });

  test('an event shows its level, its name and its fields, quoted where they are more than a word', () => {
    const fields = { unit: 'a b', reason: 'x=1', silent_ms: 15_000, peer: undefined };
    const line = formatEvent({ timeMs, level: 'warn', event: 'lost', fields }, pretty);
    expect(line).toMatch(localTime);
    expect(line.slice(12)).toBe(' warn  lost unit="a b" reason="x=1" silent_ms=15000\n');
  });

  test('a name cannot pretend to be a value, nor an id', () => {
    const posing: UnitReading = { ...reading, unit: 'a cpu_temp', reading: { ...reading.reading, id: 'b  celsius=1' } };
    const gap: UnitReading = { ...reading, reading: { ...reading.reading, id: 'b  c' } };
    expect(formatReadings([gap], timeMs, pretty)).toContain(' cpu_temp "b  c"  celsius=54.5');
    expect(formatReadings([posing], timeMs, pretty)).toContain(
      ' reading "a cpu_temp" cpu_temp "b  celsius=1"  celsius=54.5',
    );
  });

  test('whatever the text is, it stays on its line, and no control character reaches the terminal', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (first, second, third) => {
        const values = { celsius: 1, [third]: 2 };
        const hostileReading = {
          unit: first,
          clientId: 'c',
          reading: { ...reading.reading, id: second, source: third, values },
        };
        const readings = formatReadings([hostileReading], timeMs, pretty);
        const event = formatEvent({ timeMs, level: 'info', event: first, fields: { [second]: third } }, pretty);
        for (const line of [readings, event]) {
          expect(line.endsWith('\n')).toBe(true);
          expect(line.slice(0, -1)).not.toMatch(forbidden);
          expect(line.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test('colours come only when asked for, and change nothing else', () => {
    const event = { timeMs, level: 'error', event: 'failed', fields: { code: 'x' } } as const;
    const coloured = { style: 'pretty', colour: true } as const;
    // eslint-disable-next-line no-control-regex
    const renditions = /\u001b\[[\d;]*m/g;
    const texts = [formatEvent(event, coloured), formatReadings([reading, fromV1], timeMs, coloured)];
    expect(texts.map((text) => text.replace(renditions, ''))).toEqual([
      formatEvent(event, pretty),
      formatReadings([reading, fromV1], timeMs, pretty),
    ]);
    expect(texts.every((text) => text.includes('\u001b['))).toBe(true);
  });
});
