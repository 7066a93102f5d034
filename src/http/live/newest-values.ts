import { freshMsMax } from '../../core/freshness.ts';
import { usedRatio } from '../../core/used-ratio.ts';
import type { LatestGlance, UnitGlance } from '../../server/contract.ts';
import { shownCelsius, shownRatio } from './shown-values.ts';

/** What the overview shows of the readings of one unit: degrees Celsius, ratios 0 to 1, and when each was taken, milliseconds by the unit's clock. NaN: there is none. */
export interface NewestValues {
  cpuTemp: number;
  cpuTempMs: number;
  ram: number;
  ramMs: number;
  disk: number;
  diskMs: number;
  cpu: number;
  cpuMs: number;
  backlog: number;
  /** The `id` of the fullest disk. */
  fullestDisk: string | null;
}

/**
 * The hottest `cpu_temp`, the memory in use, the fullest disk, the processors' utilisation, and the client's backlog. A disk that was unmounted and an input that has gone keep their last
 * reading, so of several series only those count whose reading is about as new as the newest of their sensor; what a client said of its backlog counts beside its other readings.
 */
export function newestValues({ readings, interval }: Pick<UnitGlance, 'readings' | 'interval'>): NewestValues {
  const newest = none();
  const missedMs = freshMsMax({ interval });
  const [temperatureMs, diskMs, anyMs] = newestTimes(readings);
  for (const reading of readings) {
    const { sensor, time } = reading;
    if (sensor === 'cpu_temp') {
      const celsius = shownCelsius(reading.value('celsius'));
      // Beside NaN nothing is larger, equal or smaller.
      if (time < temperatureMs - missedMs || Number.isNaN(celsius) || celsius <= newest.cpuTemp) continue;
      newest.cpuTemp = celsius;
      newest.cpuTempMs = time;
    } else if (sensor === 'disk') {
      const used = shownRatio(usedRatio(reading));
      if (time < diskMs - missedMs || Number.isNaN(used) || used <= newest.disk) continue;
      newest.disk = used;
      newest.diskMs = time;
      newest.fullestDisk = reading.id ?? null;
    } else if (sensor === 'ram') {
      if (time <= newest.ramMs) continue;
      newest.ram = shownRatio(usedRatio(reading));
      newest.ramMs = time;
    } else if (sensor === 'cpu') {
      if (time <= newest.cpuMs) continue;
      newest.cpu = shownRatio(reading.value('utilisation'));
      newest.cpuMs = time;
    } else if (sensor === 'agent' && time >= anyMs - missedMs) {
      newest.backlog = reading.value('backlog') ?? newest.backlog;
    }
  }
  return newest;
}

function none(): NewestValues {
  const value = Number.NaN;
  return {
    cpuTemp: value,
    cpuTempMs: value,
    ram: value,
    ramMs: value,
    disk: value,
    diskMs: value,
    cpu: value,
    cpuMs: value,
    backlog: value,
    fullestDisk: null,
  };
}

function newestTimes(readings: readonly LatestGlance[]): readonly [temperature: number, disk: number, any: number] {
  let [temperatureMs, diskMs, anyMs] = [-Infinity, -Infinity, -Infinity];
  for (const { sensor, time } of readings) {
    if (time > anyMs) anyMs = time;
    if (sensor === 'cpu_temp' && time > temperatureMs) temperatureMs = time;
    else if (sensor === 'disk' && time > diskMs) diskMs = time;
  }
  return [temperatureMs, diskMs, anyMs];
}
