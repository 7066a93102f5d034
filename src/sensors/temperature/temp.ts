import type { Reading } from '../../core/reading.ts';
import type { Omission, Sensor } from '../contract.ts';
import type { TemperatureRounds } from './rounds.ts';

/** `temp`: every other temperature of the machine by `id`, degrees Celsius in `celsius`; what is implausible is left out and said. */
export function temp(rounds: TemperatureRounds): Sensor {
  let omissions: readonly Omission[] = [];
  return {
    name: 'temp',
    hint: 'no thermometers besides the CPU’s were found',
    async read() {
      const judgement = await rounds.judgement('temp');
      omissions = [];
      if (judgement === undefined || judgement.inputs.every(({ verdict }) => verdict === 'cpu')) return 'absent';
      const readings: Reading[] = [];
      const left: Omission[] = [];
      for (const judged of judgement.inputs) {
        const { id } = judged.input;
        if (judged.verdict === 'other') readings.push({ sensor: 'temp', id, values: { celsius: judged.celsius } });
        if (judged.verdict === 'failed') left.push({ id, kind: 'failed', reason: judged.reason });
        if (judged.verdict !== 'refused') continue;
        left.push({ id, kind: 'refused', reason: `${judged.celsius} °C: ${judged.reason}` });
      }
      omissions = left;
      return readings;
    },
    omissions: () => omissions,
  };
}
