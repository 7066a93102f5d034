import type { ListedInput } from './hwmon.ts';

/**
 * The `id` of each input, in their order: `chip/input`. Where several would have the same one, all of them carry their device's
 * name as well, which a restart does not change as it may change the chips' numbers: `nvme0/Composite`, `k10temp@0000:00:18.3/Tctl`.
 */
export function nameInputs(inputs: readonly ListedInput[]): readonly string[] {
  const plain = inputs.map((input) => join(input.name.chip, input));
  const full = inputs.map((input, index) =>
    isTwice(plain, index) ? join(withDevice(input), input) : (plain[index] ?? ''),
  );
  return full.map((id, index) => (isTwice(full, index) ? `${id} (${inputs[index]?.where ?? index})` : id));
}

function join(chip: string, { name }: ListedInput): string {
  return name.input === undefined ? chip : `${chip}/${name.input}`;
}

function withDevice({ name, device }: ListedInput): string {
  return device.startsWith(name.chip) ? device : `${name.chip}@${device}`;
}

function isTwice(ids: readonly string[], index: number): boolean {
  const id = ids[index] ?? '';
  return ids.indexOf(id) !== index || ids.includes(id, index + 1);
}
