import { describe, expect, test } from 'vitest';
import { CpuChoice } from '../../src/sensors/temperature/choice.ts';
import { implausible } from '../../src/sensors/temperature/plausibility.ts';
import { input, samples } from './samples.ts';

describe('a value that cannot be a temperature', () => {
  test.each([0, -0.5, -60, -273.15, -274, 150, 3_892_314, Number.NaN, Number.POSITIVE_INFINITY])(
    '%d is refused everywhere',
    (celsius) => {
      expect(implausible(input('coretemp/Package id 0'), celsius, true)).toBeTypeOf('string');
      expect(implausible(input('acpitz'), celsius, true)).toBeTypeOf('string');
      expect(implausible(input('nvme/Composite'), celsius, true)).toBeTypeOf('string');
    },
  );

  test.each([0.001, 35, 99.9, 149.999])('%d is taken', (celsius) => {
    expect(implausible(input('coretemp/Package id 0'), celsius, false)).toBeUndefined();
  });

  test.each([16.8, 16.85, 27.8, 27.85])(
    '%d is refused in an ACPI zone that has never said anything else, and nowhere else',
    (celsius) => {
      expect(implausible(input('acpitz'), celsius, false)).toContain('constant');
      expect(implausible(input('acpitz'), celsius, true)).toBeUndefined();
      expect(implausible(input('coretemp/Core 0'), celsius, false)).toBeUndefined();
    },
  );

  test('an ACPI zone that has moved may pass through the constant', () => {
    const choice = new CpuChoice();
    const verdicts = [27.8, 27.8, 31, 27.8].map(
      (celsius) => choice.judge(samples({ acpitz: celsius })).inputs[0]?.verdict,
    );
    expect(verdicts).toEqual(['refused', 'refused', 'cpu', 'cpu']);
  });

  test.each([127, 127.5, 128])('%d on a Super-I/O chip is an open input', (celsius) => {
    expect(implausible(input('nct6798/AUXTIN0'), celsius, true)).toContain('nothing is connected');
    expect(implausible(input('amdgpu/junction'), celsius, true)).toBeUndefined();
  });

  test('an input whose driver reports a fault is refused whatever it says', () => {
    expect(implausible(input('nct6798/AUXTIN2', { fault: true }), 28, true)).toContain('fault');
  });
});
