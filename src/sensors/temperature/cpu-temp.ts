import type { Reading } from '../../core/reading.ts';
import type { Sensor } from '../contract.ts';
import type { JudgedInput } from './choice.ts';
import type { TemperatureRounds } from './rounds.ts';

/**
 * `cpu_temp`: the CPU's temperature, degrees Celsius in `celsius`, one reading a package with the hottest first; `source` says
 * what was chosen and from where. It throws while the chosen sensor is silent.
 */
export function cpuTemp(rounds: TemperatureRounds): Sensor {
  let hint: string | undefined;
  return {
    name: 'cpu_temp',
    get hint() {
      return hint;
    },
    async read() {
      const judgement = await rounds.judgement('cpu_temp');
      if (judgement === undefined || judgement.cpu === 'none') {
        hint ??= await rounds.hint();
        return 'absent';
      }
      if (judgement.cpu === 'silent') {
        const ids = judgement.chosenIds.join(', ');
        throw new Error(`${ids}: no plausible value; if that lasts, another sensor takes its place`);
      }
      return cpuReadings(judgement.inputs);
    },
    close: () => rounds.close(),
  };
}

function cpuReadings(inputs: readonly JudgedInput[]): readonly Reading[] {
  const readings: (Reading & { readonly values: { readonly celsius: number } })[] = [];
  for (const judged of inputs) {
    if (judged.verdict !== 'cpu') continue;
    const { input, celsius, source } = judged;
    readings.push({ sensor: 'cpu_temp', id: input.id, source, values: { celsius } });
  }
  if (readings.length < 2) return readings;
  return readings.toSorted((left, right) => right.values.celsius - left.values.celsius);
}
