import { statfs, statfsSync } from 'node:fs';
import type { Clock } from '../core/clock.ts';
import { CodedError } from '../core/coded-error.ts';
import type { Sensor } from './contract.ts';
import { cpu } from './linux/cpu.ts';
import { disk } from './linux/disk.ts';
import type { LinuxHost, Statfs } from './linux/host.ts';
import { ram } from './linux/ram.ts';
import { SlowCalls } from './linux/slow-calls.ts';
import { LinuxTemperatures } from './linux/temperatures.ts';
import type { PortableLibraries } from './portable/libraries.ts';
import { cpuTemp } from './temperature/cpu-temp.ts';
import { TemperatureRounds } from './temperature/rounds.ts';
import { temp } from './temperature/temp.ts';

/** The sensors of Linux. To add one: its file, its line here, a test and a fixture (docs/adding-a-sensor.md). */
const linuxSensors: readonly ((host: LinuxHost, temperatures: TemperatureRounds) => Sensor)[] = [
  (_, temperatures) => cpuTemp(temperatures),
  (_, temperatures) => temp(temperatures),
  disk,
  ram,
  cpu,
];

/** How long a sensor waits for mounts and drives that do not answer; below the time-out of the sensors' runner. */
export const slowCallMs = 2_000;

export interface SensorOptions {
  /** `auto`: `linux` on Linux, `portable` elsewhere. */
  readonly source: 'auto' | 'linux' | 'portable';
  /** The folder that has the machine's `/proc`, `/sys` and file systems; for `linux` only. */
  readonly root: string;
  readonly platform: NodeJS.Platform;
  /** Default `slowCallMs`. */
  readonly slowCallMs?: number;
  readonly clock: Pick<Clock, 'monotonicMs' | 'after'>;
  /** In place of the system's, for tests. */
  readonly statfs?: Statfs;
  /** In place of systeminformation and node-os-utils, for tests. */
  readonly libraries?: PortableLibraries;
}

/** The sensors, and what they share. */
export interface OpenSensors {
  readonly source: 'linux' | 'portable';
  readonly sensors: readonly Sensor[];
  readonly temperatures: TemperatureRounds;
}

/**
 * The sensors of this machine, in the order in which they are read; nothing is read yet, and libraries are loaded only for
 * `portable`. Whoever opens them closes each that has a `close`. Throws `sensors-need-linux` for `linux` elsewhere.
 */
export async function openSensors(options: SensorOptions): Promise<readonly Sensor[]> {
  return (await openSensorsAndSource(options)).sensors;
}

/** As `openSensors`, for `explainSensors`. */
export async function openSensorsAndSource(options: SensorOptions): Promise<OpenSensors> {
  const { platform, clock } = options;
  const source = options.source === 'auto' ? (platform === 'linux' ? 'linux' : 'portable') : options.source;
  if (source === 'portable') {
    const { openPortable } = await import('./portable/list.ts');
    return { source, ...(await openPortable(platform, clock, options.libraries)) };
  }
  if (platform !== 'linux') {
    throw new CodedError('sensors-need-linux', `sensors.source is linux, but this is ${platform}; set it to auto`, {
      exitCode: 2,
    });
  }
  const host: LinuxHost = {
    root: options.root,
    clock,
    statfs: options.statfs ?? statfs,
    ...(options.statfs === undefined ? { statfsNow: statfsSync } : {}),
    slowCalls: new SlowCalls(),
    timeoutMs: options.slowCallMs ?? slowCallMs,
  };
  const temperatures = new TemperatureRounds(new LinuxTemperatures(host), clock);
  return { source, temperatures, sensors: linuxSensors.map((open) => open(host, temperatures)) };
}
