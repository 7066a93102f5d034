import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** What matters stands in the first processor's paragraph. */
const cpuInfoBytes = 4_096;

/** What would help where no thermometer of the CPU was found below `root`: a sentence for a person. */
export async function hintForTemperature(root: string): Promise<string> {
  return parseHint(await startOf(join(root, 'proc/cpuinfo')), root);
}

/** The hint for a machine whose `/proc/cpuinfo` starts like this; empty where it cannot be read. */
export function parseHint(cpuInfo: string, root: string): string {
  if (cpuInfo === '')
    return `there is no proc/cpuinfo below ${root}: --root must be the folder that has the machine's proc and sys`;
  if (/^flags\s*:.*\bhypervisor\b/m.test(cpuInfo)) {
    return 'this is a virtual machine: thermometers belong to its host, so run a client there';
  }
  if (cpuInfo.includes('GenuineIntel')) return "load the driver of Intel's thermometer: modprobe coretemp";
  if (/AuthenticAMD|HygonGenuine/.test(cpuInfo)) return "load the driver of AMD's thermometer: modprobe k10temp";
  return 'a driver for its thermometer would help (lm-sensors’ sensors-detect finds it); virtual machines have none';
}

async function startOf(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(cpuInfoBytes), 0, cpuInfoBytes, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    // The hint says so.
    return '';
  }
}
