import { gauge, type MetricFamily } from './metric-family.ts';
import { serverFamilyNames } from './server-families.ts';
import { unitFamilies } from './unit-families.ts';

/** What is known of a value of a sensor: its family, or that it is none. */
type KnownValues = Readonly<Record<string, Readonly<Record<string, MetricFamily | 'left-out'>>>>;

const memory = (what: string, help: string): MetricFamily => gauge(`telemetry_memory_${what}`, help);
const disk = (what: string, help: string): MetricFamily => gauge(`telemetry_disk_${what}`, help);

/** How full they are, of every unit: those of version 1 send nothing else, and one rule should do for all. */
export const usedRatios = {
  ram: memory('used_ratio', 'Part of the memory that is in use.'),
  disk: disk('used_ratio', 'Part of a mounted file system that is in use, with what is kept for root.'),
} as const;

/** docs/sensors.md, in Prometheus' names. */
const known: KnownValues = {
  cpu_temp: {
    celsius: gauge('telemetry_cpu_temperature_celsius', 'Temperature of the CPU; of several packages, each.'),
  },
  temp: { celsius: gauge('telemetry_temperature_celsius', 'Temperature of a thermometer other than that of the CPU.') },
  ram: {
    used: memory('used_bytes', 'Memory that is in use: what is not available.'),
    available: memory('available_bytes', 'Memory that programs can get without swapping.'),
    total: memory('total_bytes', 'Size of the memory.'),
    // It counts where there are no bytes: `usedRatios`.
    used_ratio: 'left-out',
    swap_used: gauge('telemetry_swap_used_bytes', 'Swap space that is in use.'),
    swap_total: gauge('telemetry_swap_total_bytes', 'Size of the swap space.'),
  },
  disk: {
    used: disk('used_bytes', 'Space of a mounted file system that is in use, with what is kept for root.'),
    available: disk('available_bytes', 'Space of a mounted file system that users may still write.'),
    total: disk('total_bytes', 'Size of a mounted file system.'),
    used_ratio: 'left-out',
  },
  cpu: {
    utilisation: gauge(
      'telemetry_cpu_utilisation_ratio',
      'Busy part of the time of all processors, of the last round.',
    ),
    load1: gauge('telemetry_load1', 'Load average of 1 minute.'),
    load5: gauge('telemetry_load5', 'Load average of 5 minutes.'),
    load15: gauge('telemetry_load15', 'Load average of 15 minutes.'),
    cores: gauge('telemetry_cpu_cores', 'Processors that are online.'),
  },
  agent: {
    backlog: gauge('telemetry_spool_readings', 'Readings that the client held back when it last told of itself.'),
    // When readings were dropped is no level: the gaps of the unit have it.
    dropped: 'left-out',
    dropped_from: 'left-out',
    dropped_to: 'left-out',
  },
};

/** Names that mean something already: what another sensor sends may not stand among them. */
const taken: ReadonlySet<string> = new Set([
  ...serverFamilyNames,
  ...Object.values(usedRatios).map(({ name }) => name),
  ...Object.values(unitFamilies).map(({ name }) => name),
  ...Object.values(known).flatMap((values) =>
    Object.values(values).flatMap((family) => (family === 'left-out' ? [] : family.name)),
  ),
]);

const families = new Map<string, SensorFamily | undefined>();
/** A fleet has some dozens; full, it forgets all and begins again. */
const familiesMax = 1_024;

export interface SensorFamily {
  readonly family: MetricFamily;
  /** A sensor that this server does not know: its samples carry its name, since two such sensors may make one family. */
  readonly isGeneric: boolean;
}

/** The family of a value; undefined where it has none. Both names have the form of the wire, `[a-z][a-z0-9_]{0,31}`. */
export function sensorFamily(sensor: string, value: string): SensorFamily | undefined {
  const key = `${sensor} ${value}`;
  const found = families.get(key);
  if (found !== undefined || families.has(key)) return found;
  if (families.size >= familiesMax) families.clear();
  const made = familyOf(sensor, value);
  families.set(key, made);
  return made;
}

function familyOf(sensor: string, value: string): SensorFamily | undefined {
  const own = Object.hasOwn(known, sensor) ? known[sensor] : undefined;
  const family = own !== undefined && Object.hasOwn(own, value) ? own[value] : undefined;
  if (family === 'left-out') return undefined;
  if (family !== undefined) return { family, isGeneric: false };
  // With the sensor as a label no two values of a unit have one series: no name that is taken begins with `telemetry_sensor_`.
  const plain = `telemetry_${sensor}_${value}`;
  const name = taken.has(plain) ? `telemetry_sensor_${sensor}_${value}` : plain;
  const help = 'A value of a sensor that this server does not know, as units send it; the label sensor says of which.';
  return { family: { name, type: 'untyped', help }, isGeneric: true };
}
