import type { Clock } from '../../core/clock.ts';
import type { Sensor } from '../contract.ts';
import { cpuTemp } from '../temperature/cpu-temp.ts';
import { TemperatureRounds } from '../temperature/rounds.ts';
import { temp } from '../temperature/temp.ts';
import { cpu } from './cpu.ts';
import { disk } from './disk.ts';
import { loadLibraries } from './libraries.ts';
import type { PortableLibraries } from './libraries.ts';
import { ram } from './ram.ts';
import { PortableTemperatures } from './temperatures.ts';

/** The sensors of Windows and macOS, which ask libraries; these are loaded here where none are given. */
export async function openPortable(
  platform: NodeJS.Platform,
  clock: Pick<Clock, 'monotonicMs'>,
  given?: PortableLibraries,
): Promise<{ readonly sensors: readonly Sensor[]; readonly temperatures: TemperatureRounds }> {
  const libraries = given ?? (await loadLibraries());
  const temperatures = new TemperatureRounds(new PortableTemperatures(libraries, platform), clock);
  const sensors = [
    cpuTemp(temperatures),
    temp(temperatures),
    disk(libraries, platform),
    ram(libraries),
    cpu(libraries, platform),
  ];
  return { sensors, temperatures };
}
