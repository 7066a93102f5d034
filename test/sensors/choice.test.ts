import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { CpuChoice, reasonFor, roundsToSwitch } from '../../src/sensors/temperature/choice.ts';
import type { Judgement } from '../../src/sensors/temperature/choice.ts';
import { input, samples } from './samples.ts';

function chosen(judgement: Judgement): readonly string[] {
  return judgement.inputs.filter(({ verdict }) => verdict === 'cpu').map(({ input }) => input.id);
}

function choose(values: Readonly<Record<string, number | string>>): readonly string[] {
  return chosen(new CpuChoice().judge(samples(values)));
}

describe('the choice of the CPU', () => {
  test('a package of coretemp is better than its cores, than the zone of the package and than the board', () => {
    const values = {
      acpitz: 40,
      x86_pkg_temp: 50,
      'nct6798/PECI Agent 0': 49,
      'coretemp/Core 0': 60,
      'coretemp/Package id 0': 55,
    };
    expect(choose(values)).toEqual(['coretemp/Package id 0']);
  });

  test('Tdie is better than Tctl, which carries an offset', () => {
    expect(choose({ 'k10temp/Tctl': 68, 'k10temp/Tdie': 48, 'k10temp/Tccd1': 50 })).toEqual(['k10temp/Tdie']);
    expect(choose({ 'zenpower/Tctl': 68, 'zenpower/Tdie': 48 })).toEqual(['zenpower/Tdie']);
    expect(choose({ 'k10temp/Tctl': 61, 'k10temp/Tccd1': 50 })).toEqual(['k10temp/Tctl']);
  });

  test.each([
    'cpu_thermal/temp1',
    'cpu-thermal',
    'cpu0-thermal',
    'soc_thermal',
    'soc-thermal',
    'bcm2835_thermal',
    'package-thermal',
  ])('%s of a small board is the CPU', (id) => {
    expect(choose({ acpitz: 40, 'gpu-thermal': 50, [id]: 45 })).toEqual([id]);
  });

  test.each([
    'pch_cometlake/temp1',
    'nvme/Composite',
    'drivetemp/temp1',
    'amdgpu/edge',
    'nouveau/temp1',
    'gpu-thermal',
    'iwlwifi_1/temp1',
    'jc42/temp1',
    'nct6798/AUXTIN0',
    'nct6798/SYSTIN',
    'nct6798/PCH_CHIP_TEMP',
    'it8728/temp1',
  ])('%s is never the CPU, even alone', (id) => {
    expect(choose({ [id]: 45 })).toEqual([]);
  });

  test('of two packages both are the CPU, and the source of the hotter one says so', () => {
    const judgement = new CpuChoice().judge(samples({ 'coretemp/Package id 0': 61, 'coretemp/Package id 1': 66 }));
    expect(judgement.inputs.map((judged) => (judged.verdict === 'cpu' ? judged.source : ''))).toEqual([
      'hwmon0/temp1_input: package',
      'hwmon0/temp1_input: package, hottest of 2',
    ]);
  });

  test('of several ACPI zones the first plausible one is the CPU, and remains so when another gets hotter', () => {
    const choice = new CpuChoice();
    expect(chosen(choice.judge(samples({ acpitz: 0, 'acpitz/2': 50, 'acpitz/3': 40 })))).toEqual(['acpitz/2']);
    expect(chosen(choice.judge(samples({ acpitz: 45, 'acpitz/2': 40, 'acpitz/3': 60 })))).toEqual(['acpitz/2']);
  });

  test('without any known sensor there is no choice, and nothing is made up', () => {
    const judgement = new CpuChoice().judge(samples({ 'nvme/Composite': 40 }));
    expect(judgement.cpu).toBe('none');
    expect(new CpuChoice().judge([]).cpu).toBe('none');
  });

  test('a chosen sensor that is silent is replaced only when that lasts', () => {
    const choice = new CpuChoice();
    choice.judge(samples({ 'coretemp/Package id 0': 50, x86_pkg_temp: 51 }));
    for (let round = 1; round < roundsToSwitch; round += 1) {
      const judgement = choice.judge(samples({ 'coretemp/Package id 0': 'EIO', x86_pkg_temp: 51 }));
      expect([judgement.cpu, judgement.chosenIds]).toEqual(['silent', ['coretemp/Package id 0']]);
    }
    expect(chosen(choice.judge(samples({ 'coretemp/Package id 0': 'EIO', x86_pkg_temp: 51 })))).toEqual([
      'x86_pkg_temp',
    ]);
  });

  test('a sensor that fails every second round does not make the choice flap', () => {
    const choice = new CpuChoice();
    const ids = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      const value = round % 2 === 0 ? 50 : 'EAGAIN';
      for (const id of chosen(choice.judge(samples({ 'coretemp/Package id 0': value, x86_pkg_temp: 51 })))) ids.add(id);
    }
    expect([...ids]).toEqual(['coretemp/Package id 0']);
  });

  test('a better sensor takes over only when it has lasted', () => {
    const choice = new CpuChoice();
    choice.judge(samples({ acpitz: 40 }));
    const better = samples({ acpitz: 40, 'coretemp/Package id 0': 50 });
    for (let round = 1; round < roundsToSwitch; round += 1) expect(chosen(choice.judge(better))).toEqual(['acpitz']);
    expect(chosen(choice.judge(better))).toEqual(['coretemp/Package id 0']);
  });

  test('each verdict comes with a reason', () => {
    const judgement = new CpuChoice().judge(
      samples({
        'coretemp/Package id 0': 50,
        'coretemp/Core 0': 50,
        'nvme/Composite': 40,
        other: 30,
        acpitz: 27.8,
        acpi: 'EIO',
      }),
    );
    expect(judgement.inputs.map((judged) => reasonFor(judged, judgement))).toEqual([
      "the CPU's: package",
      "the CPU's (core), but package is better",
      'a drive',
      "not known to be the CPU's",
      'the constant that firmware answers where no thermometer is wired',
      'EIO',
    ]);
  });

  test('whatever the inputs say, what is chosen is plausible and its source fits on the wire', () => {
    const id = fc.constantFrom(
      'coretemp/Package id 0',
      'coretemp/Package id 1',
      'k10temp/Tdie',
      'cpu_thermal/temp1',
      'acpitz',
      'nvme/Composite',
    );
    const value = fc.oneof(fc.double(), fc.constantFrom(27.8, 16.8, 0, 150, -273.15), fc.constant('EIO'));
    const rounds = fc.array(fc.dictionary(id, value), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rounds, fc.integer({ min: 0, max: 999 }), (all, number) => {
        const choice = new CpuChoice();
        for (const values of all) {
          const where = `hwmon${number}/temp${number}_input`;
          const round = samples(values).map((sample) =>
            Object.assign(sample, { input: input(sample.input.id, { where }) }),
          );
          for (const judged of choice.judge(round).inputs) {
            if (judged.verdict !== 'cpu') continue;
            expect(judged.celsius).toBeGreaterThan(0);
            expect(judged.celsius).toBeLessThan(150);
            expect(judged.input.id).not.toBe('nvme/Composite');
            expect(Buffer.byteLength(JSON.stringify(judged.source)) - 2).toBeLessThanOrEqual(limits.sourceBytesMax);
          }
        }
      }),
    );
  });
});
