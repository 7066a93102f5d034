import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reading } from '../../src/core/reading.ts';
import { formatV1, parseV1 } from '../../src/session/v1-readings.ts';
import { hostileText } from './hostile-text.ts';

const cpu = { sensor: 'cpu_temp', values: { celsius: 54.5 } };
const disk = { sensor: 'disk', id: '/', values: { used: 24, total: 100 } };
const ram = { sensor: 'ram', values: { used: 18, available: 900, total: 1000 } };

describe('v1 text', () => {
  test.each<[string, Reading]>([
    ['CPU temperature: 54.5', cpu],
    ['CPU temperature: -5', { sensor: 'cpu_temp', values: { celsius: -5 } }],
    ["bench-03's temp: 54", { sensor: 'temp', id: 'bench-03', values: { celsius: 54 } }],
    ["Bob's machine's temp: 54", { sensor: 'temp', id: "Bob's machine", values: { celsius: 54 } }],
    ['Average CPU % used: 12.5', { sensor: 'cpu', values: { utilisation: 0.125 } }],
    ['Storage % used: 24.1', { sensor: 'disk', id: '/', values: { used_ratio: 0.241 } }],
    ['disk % used: 24', { sensor: 'disk', id: '/', values: { used_ratio: 0.24 } }],
    ['Memory % used: 1.8', { sensor: 'ram', values: { used_ratio: 0.018 } }],
    ['memory % used: 100', { sensor: 'ram', values: { used_ratio: 1 } }],
  ])('%j is a reading', (line, reading) => {
    expect(parseV1(`${line}\n`)).toEqual({ readings: [reading], others: [] });
    expect(parseV1(line)).toEqual({ readings: [reading], others: [] });
    expect(parseV1(`\r\n ${line}\r\n`)).toEqual({ readings: [reading], others: [] });
  });

  test.each([
    'hello',
    'CPU temperature: ',
    'CPU temperature: None',
    'CPU temperature: 54.5 C',
    'CPU temperature: 5e3',
    'CPU temperature: .5',
    'cpu temperature: 54.5',
    "'s temp: 54",
    'disk % used: 24%',
    'Memory % used: nan',
    '{"seq":1}',
  ])('%j is kept as it is', (line) => {
    expect(parseV1(`${line}\n`)).toEqual({ readings: [], others: [line.trim()] });
  });

  test('has a reading or another text for each line that is not empty, in their order', () => {
    expect(parseV1('a\n\nCPU temperature: 54.5\n  \nb\nMemory % used: 1.8\n')).toEqual({
      readings: [cpu, { sensor: 'ram', values: { used_ratio: 0.018 } }],
      others: ['a', 'b'],
    });
    expect(parseV1('')).toEqual({ readings: [], others: [] });
  });

  test('never throws when it is parsed, and has finite values', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const { values } of parseV1(text.slice(0, 235)).readings)
          expect(Object.values(values).every(Number.isFinite)).toBe(true);
      }),
    );
  });
});

describe('a round for a v1 server', () => {
  test('is three lines with one decimal each', () => {
    expect(formatV1([cpu, disk, ram])).toBe('CPU temperature: 54.5\nStorage % used: 24.0\nMemory % used: 1.8\n');
    expect(formatV1([ram, disk, cpu])).toBe('CPU temperature: 54.5\nStorage % used: 24.0\nMemory % used: 1.8\n');
  });

  test('leaves out what there is no sensor for', () => {
    expect(formatV1([disk, ram])).toBe('Storage % used: 24.0\nMemory % used: 1.8\n');
    expect(formatV1([cpu])).toBe('CPU temperature: 54.5\n');
    expect(formatV1([{ sensor: 'cpu', values: { load: 1 } }])).toBe('');
    expect(formatV1([])).toBe('');
  });

  test('shows the hottest package and the root file system', () => {
    const cooler = { ...cpu, id: '1', values: { celsius: 40 } };
    const home = { ...disk, id: '/home', values: { used: 99, total: 100 } };
    expect(formatV1([cooler, cpu, home, disk])).toBe('CPU temperature: 54.5\nStorage % used: 24.0\n');
    expect(formatV1([{ ...disk, id: 'C:' }])).toBe('Storage % used: 24.0\n');
    expect(formatV1([home])).toBe('');
  });

  test('leaves out a share of nothing', () => {
    expect(
      formatV1([
        { ...disk, values: { used: 0, total: 0 } },
        { ...ram, values: { used: 5 } },
      ]),
    ).toBe('');
  });

  test('is read back by our own server', () => {
    const percent = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(fc.integer({ min: -400, max: 1_500 }), percent, percent, (tenths, used, taken) => {
        const round = [
          { sensor: 'cpu_temp', values: { celsius: tenths / 10 } },
          { sensor: 'disk', id: '/', values: { used, total: 1_000 } },
          { sensor: 'ram', values: { used: taken, total: 1_000 } },
        ];
        expect(parseV1(formatV1(round))).toEqual({
          readings: [
            { sensor: 'cpu_temp', values: { celsius: tenths === 0 ? 0 : tenths / 10 } },
            { sensor: 'disk', id: '/', values: { used_ratio: used / 1_000 } },
            { sensor: 'ram', values: { used_ratio: taken / 1_000 } },
          ],
          others: [],
        });
      }),
    );
  });
});
