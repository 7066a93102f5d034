import { normalisedChip } from '../../src/sensors/temperature/input.ts';
import type { TemperatureInput, TemperatureSample } from '../../src/sensors/temperature/input.ts';

/** An input by its `id`: `coretemp/Package id 0`. */
export function input(id: string, { where = 'hwmon0/temp1_input', fault = false } = {}): TemperatureInput {
  const [chip = '', label] = id.split('/');
  return { id, chip: normalisedChip(chip), label, where, fault };
}

/** What inputs say, by their `id`; text is the reason of a failure. */
export function samples(values: Readonly<Record<string, number | string>>): readonly TemperatureSample[] {
  return Object.entries(values).map(([id, value]) =>
    typeof value === 'number'
      ? { type: 'value', input: input(id), celsius: value }
      : { type: 'failed', input: input(id), reason: value },
  );
}
