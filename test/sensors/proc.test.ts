import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utilisation } from '../../src/sensors/cpu-times.ts';
import { parseCpuList, parseCpuTimes, parseLoad } from '../../src/sensors/linux/cpu.ts';
import { parseMemInfo } from '../../src/sensors/linux/ram.ts';
import { parseHint } from '../../src/sensors/linux/temperature-hint.ts';
import { parseCelsius } from '../../src/sensors/linux/temperatures.ts';

describe('proc/stat', () => {
  test('busy is all time but idle and waiting for disks; guests are not counted twice', () => {
    expect(parseCpuTimes('cpu  10 20 30 400 50 6 7 8 9 10\ncpu0 1 1 1 1\n')).toEqual({ busy: 81, total: 531 });
  });

  test('a line that the buffer has cut is read as far as it goes, and something else is an error', () => {
    expect(parseCpuTimes('cpu 1 2 3 4')).toEqual({ busy: 6, total: 10 });
    expect(() => parseCpuTimes('cpu0 1 2 3 4 5')).toThrow('line cpu');
    expect(() => parseCpuTimes('cpu 1 2 x 4 5')).toThrow('numbers');
    expect(() => parseCpuTimes('')).toThrow('line cpu');
  });

  test('the utilisation is the busy part of the time between two rounds', () => {
    expect(utilisation({ busy: 100, total: 1_000 }, { busy: 125, total: 1_100 })).toEqual({ utilisation: 0.25 });
  });

  test('there is none in the first round, while counters stand still, and after they went back', () => {
    expect(utilisation(undefined, { busy: 1, total: 2 })).toEqual({});
    expect(utilisation({ busy: 1, total: 2 }, { busy: 1, total: 2 })).toEqual({});
    expect(utilisation({ busy: 5, total: 9 }, { busy: 1, total: 2 })).toEqual({});
  });

  test('it is never outside 0 and 1, whatever the counters do', () => {
    const times = fc.record({ busy: fc.nat(), total: fc.nat() });
    fc.assert(
      fc.property(times, times, (last, now) => {
        const { utilisation: ratio = 0 } = utilisation(last, now);
        expect(ratio).toBeGreaterThanOrEqual(0);
        expect(ratio).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('proc/loadavg', () => {
  test('starts with the three averages', () => {
    expect(parseLoad('0.42 1.58 10.61 2/1184 48213\n')).toEqual({ load1: 0.42, load5: 1.58, load15: 10.61 });
  });

  test.each(['', '1 2', 'a b c', '1 2 -3', '1 2 Infinity'])('%j is an error', (text) => {
    expect(() => parseLoad(text)).toThrow('three numbers');
  });
});

describe('the list of processors', () => {
  test.each([
    ['0', 1],
    ['0-3\n', 4],
    ['0-3,8,10-11\n', 7],
  ])('%j names %d', (text, count) => {
    expect(parseCpuList(text)).toBe(count);
  });

  test.each(['', 'a', '3-1', '0-', '0,,1'])('%j is not one', (text) => {
    expect(parseCpuList(text)).toBeUndefined();
  });
});

describe('proc/meminfo', () => {
  const lines = 'MemTotal:  1000 kB\nMemFree:  100 kB\nMemAvailable:  400 kB\nBuffers:  50 kB\nCached:  200 kB\n';

  test('used is what is not available, as free shows it', () => {
    expect(parseMemInfo(`${lines}SwapTotal: 64 kB\nSwapFree: 16 kB\n`)).toEqual({
      used: 600 * 1_024,
      available: 400 * 1_024,
      total: 1_000 * 1_024,
      swap_used: 48 * 1_024,
      swap_total: 64 * 1_024,
    });
  });

  test('without swap lines there are no swap values, and without the estimate it is made from what is free', () => {
    expect(parseMemInfo(lines.replace(/MemAvailable.*\n/, ''))).toEqual({
      used: 650 * 1_024,
      available: 350 * 1_024,
      total: 1_000 * 1_024,
    });
  });

  test.each(['', 'MemTotal: 0 kB\n', 'MemFree: 1 kB\n', 'XMemTotal: 5 kB\n'])('%j is an error', (text) => {
    expect(() => parseMemInfo(text)).toThrow('MemTotal');
  });

  test('used and available make up the total, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), fc.nat(2 ** 40), (total, available) => {
        const values = parseMemInfo(`MemTotal: ${total} kB\nMemAvailable: ${available} kB\n`);
        expect((values['used'] ?? -1) + (values['available'] ?? -1)).toBe(values['total']);
        expect(values['used']).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('a temperature file', () => {
  test.each([
    ['54500\n', 54.5],
    ['-274000', -274],
    ['0\n', 0],
  ])('%j says %d', (text, celsius) => {
    expect(parseCelsius(text)).toBe(celsius);
  });

  test.each(['', '\n', 'N/A', '54.5', '5e3', '0x10', '99999999999'])('%j says nothing', (text) => {
    expect(parseCelsius(text)).toBeUndefined();
  });
});

describe('the hint where no thermometer was found', () => {
  test.each([
    ['', '--root'],
    ['vendor_id\t: GenuineIntel\nflags\t\t: fpu hypervisor lahf_lm\n', 'virtual machine'],
    ['vendor_id\t: GenuineIntel\nflags\t\t: fpu lahf_lm\n', 'modprobe coretemp'],
    ['vendor_id\t: AuthenticAMD\nflags\t\t: fpu\n', 'modprobe k10temp'],
    ['CPU implementer\t: 0x41\n', 'sensors-detect'],
  ])('after %j speaks of %s', (text, words) => {
    expect(parseHint(text, '/')).toContain(words);
  });
});
