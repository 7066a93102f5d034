import type { TemperatureInput, TemperatureSample, TemperatureSource } from '../temperature/input.ts';
import { listOf, member, numberOf } from './answer.ts';
import type { PortableLibraries } from './libraries.ts';

/** Thermometers by way of systeminformation. */
export class PortableTemperatures implements TemperatureSource {
  readonly #libraries: PortableLibraries;
  readonly #platform: NodeJS.Platform;

  constructor(libraries: PortableLibraries, platform: NodeJS.Platform) {
    this.#libraries = libraries;
    this.#platform = platform;
  }

  async sample(): Promise<readonly TemperatureSample[]> {
    return parseTemperatures(await this.#libraries.cpuTemperature(), this.#platform);
  }

  hint(): Promise<string> {
    return Promise.resolve(hintFor(this.#platform));
  }

  notes(): readonly string[] {
    return [];
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * From an answer of systeminformation's `cpuTemperature()`. On Windows its `cores` are the firmware's ACPI zones, and its `main`
 * is their mean, which no thermometer has shown, so `main` is not taken there. `null` and -1 say that there is none.
 */
export function parseTemperatures(answer: unknown, platform: NodeJS.Platform): readonly TemperatureSample[] {
  const cores = listOf(member(answer, 'cores'));
  if (platform === 'win32') return cores.flatMap((celsius, index) => sample('acpi', `zone ${index}`, celsius));
  return [
    ...sample('cpu', undefined, numberOf(answer, 'main')),
    ...cores.flatMap((celsius, index) => sample('core', `${index}`, celsius)),
    ...listOf(member(answer, 'socket')).flatMap((celsius, index) => sample('acpitz', `zone ${index}`, celsius)),
    ...sample('pch_chipset', undefined, numberOf(answer, 'chipset')),
  ];
}

/** What would help where no temperature of the CPU is to be had: a sentence for a person. */
export function hintFor(platform: NodeJS.Platform): string {
  switch (platform) {
    case 'win32':
      return (
        'Windows shows the true core temperature to kernel drivers only (PawnIO, which LibreHardwareMonitor uses, is one), and ' +
        'this client brings none; run as administrator it sends the firmware’s ACPI zones, where they are real'
      );
    case 'darwin':
      return 'macOS needs a module: npm install macos-temperature-sensor (Apple silicon) or osx-temperature-sensor (Intel)';
    default:
      return 'systeminformation finds no thermometer on this machine; virtual machines have none';
  }
}

function sample(chip: string, label: string | undefined, celsius: unknown): readonly TemperatureSample[] {
  if (typeof celsius !== 'number' || celsius === -1 || Number.isNaN(celsius)) return [];
  const id = label === undefined ? chip : `${chip}/${label}`;
  const input: TemperatureInput = { id, chip, label, where: `systeminformation ${id}`, fault: false };
  return [{ type: 'value', input, celsius: Math.round(celsius * 1_000) / 1_000 }];
}
