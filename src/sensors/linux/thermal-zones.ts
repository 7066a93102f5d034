import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { normalisedChip } from '../temperature/input.ts';
import { byNumber } from './hwmon.ts';
import type { ListedInput } from './hwmon.ts';

/**
 * The thermal zones below `folder`, which is `/sys/class/thermal`, in the order of their numbers. Format: the kernel's
 * Documentation/driver-api/thermal/sysfs-api. Rejects where the folder cannot be listed.
 */
export async function listThermalZones(folder: string): Promise<readonly ListedInput[]> {
  const zones = byNumber((await readdir(folder)).filter((name) => /^thermal_zone\d+$/.test(name)));
  return Promise.all(
    zones.map(async (zone): Promise<ListedInput> => {
      const type = await typeOf(join(folder, zone), zone);
      return {
        chip: normalisedChip(type),
        label: undefined,
        name: { chip: type, input: undefined },
        device: zone,
        where: zone,
        fault: false,
        path: join(folder, zone, 'temp'),
      };
    }),
  );
}

async function typeOf(folder: string, fallback: string): Promise<string> {
  try {
    return (await readFile(join(folder, 'type'), 'utf8')).trim() || fallback;
  } catch {
    // A zone may go while it is listed; its temperature is read later, and the error is reported then.
    return fallback;
  }
}
