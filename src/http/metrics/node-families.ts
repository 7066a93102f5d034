import { gauge, type MetricFamily } from './metric-family.ts';

const memory = (what: string, help: string): MetricFamily => gauge(`node_memory_${what}_bytes`, help);
const filesystem = (what: string, help: string): MetricFamily => gauge(`node_filesystem_${what}_bytes`, help);

/** Names of node_exporter, for dashboards that were made for it: those that can be answered by what units measure. */
export const nodeFamilies = {
  uname: gauge('node_uname_info', 'The name of the unit.'),
  temperature: gauge('node_hwmon_temp_celsius', 'Temperature of an input of a chip.'),
  chipName: gauge('node_hwmon_chip_names', 'What the driver calls a chip.'),
  sensorLabel: gauge('node_hwmon_sensor_label', 'What the driver calls an input of a chip.'),
  memTotal: memory('MemTotal', 'Size of the memory.'),
  memAvailable: memory('MemAvailable', 'Memory that programs can get without swapping.'),
  swapTotal: memory('SwapTotal', 'Size of the swap space.'),
  swapFree: memory('SwapFree', 'Swap space that is free.'),
  size: filesystem('size', 'Size of a mounted file system.'),
  available: filesystem('avail', 'Space of a mounted file system that users may still write.'),
  free: filesystem('free', 'Space of a mounted file system that is free, with what is kept for root.'),
  load1: gauge('node_load1', 'Load average of 1 minute.'),
  load5: gauge('node_load5', 'Load average of 5 minutes.'),
  load15: gauge('node_load15', 'Load average of 15 minutes.'),
} as const;
