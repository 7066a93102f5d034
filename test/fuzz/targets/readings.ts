import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { LabelledReading, Reading, TakenReading } from '../../../src/core/reading.ts';
import { fitReading, parseReading, readingData } from '../../../src/session/reading-codec.ts';
import { formatV1, parseV1 } from '../../../src/session/v1-readings.ts';
import { hostileText } from '../../session/hostile-text.ts';
import { frameData, kindOf, must, textOf, type Target } from '../target.ts';

const epoch = '5f2c91e0';
const name = /^[a-z][a-z0-9_]{0,31}$/;
const notForValues = 'seq time sensor id epoch source unit client_id level event taken v'.split(' ');
const lines = [
  'CPU temperature: 54.5',
  "GPU's temp: -3",
  'Average CPU % used: 12.5',
  'Storage % used: 24.0',
  'disk % used: 1',
  'Memory % used: 1.8',
  'memory % used: 100',
];
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A reading is one or a sentence says why not; it comes back from its data as it was, and fits into a frame with the values that it had. */
export const readings: Target = {
  seeds: [
    '{"seq":41,"time":1795255200123,"sensor":"cpu_temp","id":"coretemp/Package id 0","celsius":54.5}',
    '{"seq":43,"time":1795255200123,"sensor":"ram","epoch":"00000000","source":"é","used":6123456789,"available":10056789012,"total":-1e-7}',
    `{"seq":1,"time":1,"sensor":"s",${Array.from({ length: 16 }, (_, index) => `"a${index}":1`).join()}}`,
    lines.join('\n'),
  ],
  words: [
    ...notForValues.map((word) => `"${word}":`),
    ...lines,
    '"used":1,',
    '"__proto__":1,',
    '\\u0000',
    '\\ud800',
    '1e308',
    '-0',
    '1E1',
    '\n',
    '\r\n',
    "'s temp: ",
    ' % used: ',
  ],
  generated: fc.oneof(
    hostileText.map((text) => text.slice(0, 4_000)),
    fc
      .tuple(
        fc.record({
          seq: fc.oneof(fc.maxSafeInteger(), fc.double()),
          time: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(8.64e15, 8.64e15 + 1, -1)),
          sensor: fc.oneof(fc.stringMatching(name), fc.string()),
          id: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
          source: fc.option(fc.string({ unit: 'binary', maxLength: 50 }), { nil: undefined }),
          epoch: fc.option(fc.stringMatching(/^[0-9a-f]{7,9}$/), { nil: undefined }),
        }),
        fc.dictionary(fc.oneof(fc.stringMatching(name), fc.string()), fc.oneof(fc.double(), fc.jsonValue()), {
          maxKeys: 18,
        }),
      )
      .map(([own, values]) => JSON.stringify({ ...own, ...values })),
    fc
      .array(
        fc.oneof(
          fc.constantFrom(...lines),
          fc
            .tuple(fc.constantFrom(...lines), fc.double())
            .map(([line, value]) => line.replace(/[\d.]+$/, String(value))),
          fc.string(),
        ),
      )
      .map((texts) => texts.join('\n')),
  ),
  run(input) {
    const whole = textOf(input).toWellFormed();
    const data = frameData(whole);
    // What is longer than a frame is none of a peer's, but must not throw either.
    parseReading(whole, epoch);
    const found = parseReading(data, epoch);
    if (typeof found !== 'string') seeReading(found, data);
    return `${typeof found === 'string' ? kindOf(found).replace(/^\S+ is /, 'it is ') : Object.keys(found.values).length} | ${v1In(data)}`;
  },
};

function seeReading(found: TakenReading, data: string): void {
  const { seq, time, sensor, source, values } = found;
  must(Number.isSafeInteger(seq) && (seq ?? 0) >= 1, 'a number is one from 1');
  must(Number.isSafeInteger(time) && time >= 0 && !Number.isNaN(new Date(time).getTime()), 'a time has a date');
  must(name.test(sensor), 'a sensor has a name of the form');
  must(source === undefined || Buffer.byteLength(JSON.stringify(source)) <= 50, 'a source has 48 bytes');
  const names = Object.keys(values);
  must(names.length <= 16, 'a reading has at most 16 values');
  for (const each of names) {
    must(name.test(each) && !notForValues.includes(each), `${each} is a name for a value`);
    must(Number.isFinite(values[each]), 'a value is a finite number');
  }
  const members = JSON.parse(data) as Record<string, unknown>;
  assert.equal(names.length, Object.keys(members).filter((member) => !notForValues.includes(member)).length);
  const labelled = labelledOf(found);
  for (const other of [epoch, labelled.epoch, 'ffffffff']) {
    assert.deepEqual(parseReading(readingData(labelled, other), other), labelled);
  }
  seeFit(labelled);
}

/** Zero has no sign in JSON. */
function labelledOf(found: TakenReading): LabelledReading {
  const values = Object.fromEntries(Object.entries(found.values).map(([each, value]) => [each, value + 0]));
  return { ...found, values, time: found.time + 0, epoch: found.epoch ?? '', seq: found.seq ?? 0 };
}

function seeFit({ sensor, id, source, values }: LabelledReading): void {
  const one: Reading = { sensor, id, source, values };
  const fit = fitReading(one, sha256);
  if (fit === undefined) return;
  assert.deepEqual(fit.values, values);
  const longest = { ...fit, seq: Number.MAX_SAFE_INTEGER, time: 8.64e15, epoch: '00000000' };
  must(Buffer.byteLength(readingData(longest, epoch)) <= 235, 'a reading that was fitted fits');
}

function v1In(data: string): string {
  const { readings: found, others } = parseV1(data);
  must(found.length + others.length <= data.split('\n').length, 'a line is one reading or one event');
  for (const { values, id } of found) {
    must(Object.values(values).every(Number.isFinite), 'a value of a line is a finite number');
    must(id === undefined || id !== '', 'an id is not empty');
  }
  for (const other of others) must(data.includes(other) && other.trim() !== '', 'an event is a line that was sent');
  // What is hotter than 10^21 degrees is written with an exponent, which no sensor is believed.
  const text = formatV1(found.filter(({ values }) => Object.values(values).every((value) => Math.abs(value) < 1e21)));
  must(parseV1(text).others.length === 0, 'what is written for version 1 is read by it');
  return `${[...new Set(found.map(({ sensor }) => sensor))].toSorted().join()} ${Math.min(others.length, 2)}`;
}
