import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byNumber } from '../../src/sensors/linux/hwmon.ts';
import type { ListedInput } from '../../src/sensors/linux/hwmon.ts';
import { nameInputs } from '../../src/sensors/linux/name-inputs.ts';

function listed(chip: string, name: string | undefined, device: string, where = 'hwmon0/temp1_input'): ListedInput {
  return { chip, label: name, name: { chip, input: name }, device, where, fault: false, path: `/${where}` };
}

test('chips and inputs come in the order of their numbers', () => {
  expect(byNumber(['hwmon10', 'hwmon9', 'hwmon2'])).toEqual(['hwmon2', 'hwmon9', 'hwmon10']);
});

describe('the id of a temperature input', () => {
  test('is the chip and the input where that is enough', () => {
    expect(
      nameInputs([
        listed('coretemp', 'Package id 0', 'coretemp.0'),
        listed('x86_pkg_temp', undefined, 'thermal_zone1'),
      ]),
    ).toEqual(['coretemp/Package id 0', 'x86_pkg_temp']);
  });

  test('carries the device on all that would have the same one, in any order of the chips', () => {
    const first = listed('nvme', 'Composite', 'nvme0', 'hwmon1/temp1_input');
    const second = listed('nvme', 'Composite', 'nvme1', 'hwmon2/temp1_input');
    expect(nameInputs([first, second])).toEqual(['nvme0/Composite', 'nvme1/Composite']);
    expect(nameInputs([second, first])).toEqual(['nvme1/Composite', 'nvme0/Composite']);
    expect(nameInputs([listed('k10temp', 'Tctl', '0000:00:18.3'), listed('k10temp', 'Tctl', '0000:00:19.3')])).toEqual([
      'k10temp@0000:00:18.3/Tctl',
      'k10temp@0000:00:19.3/Tctl',
    ]);
  });

  test('is never the same twice, for inputs in different places', () => {
    const word = fc.constantFrom('a', 'b');
    const list = fc.array(fc.tuple(word, fc.option(word, { nil: undefined }), word), { maxLength: 12 });
    fc.assert(
      fc.property(list, (inputs) => {
        const ids = nameInputs(
          inputs.map(([chip, name, device], index) => listed(chip, name, device, `hwmon${index}/temp1_input`)),
        );
        expect(new Set(ids).size).toBe(inputs.length);
      }),
    );
  });
});
