import { join } from 'node:path';
import type { Values } from '../../core/reading.ts';
import type { Sensor } from '../contract.ts';
import { absentWithoutFile } from './absent.ts';
import type { LinuxHost } from './host.ts';
import { KernelFile } from './kernel-file.ts';

/** `/proc/meminfo` has some 1.5 kB, and the lines that matter stand in its first third. */
const memInfoBytes = 4_096;

/** `ram`: `used`, `available`, `total`, `swap_used` and `swap_total`, bytes. */
export function ram(host: LinuxHost): Sensor {
  const file = new KernelFile(join(host.root, 'proc/meminfo'), { bytes: memInfoBytes, atHand: true });
  return {
    name: 'ram',
    hint: `there is no proc/meminfo below ${host.root}: --root must be the folder that has the machine's proc and sys`,
    async read() {
      const text = await absentWithoutFile(file.text());
      return text === 'absent' ? 'absent' : [{ sensor: 'ram', values: parseMemInfo(text) }];
    },
    close: () => file.close(),
  };
}

/**
 * From the text of `/proc/meminfo` (format: proc_meminfo(5)). `available` is the kernel's estimate of what programs can get without
 * swapping, `used` the rest, as `free` shows them. Throws where the total is missing.
 */
export function parseMemInfo(text: string): Values {
  const total = bytesOf(text, 'MemTotal');
  // Kernels before 3.14 leave the estimate to the reader.
  const available =
    bytesOf(text, 'MemAvailable') ??
    (bytesOf(text, 'MemFree') ?? 0) + (bytesOf(text, 'Buffers') ?? 0) + (bytesOf(text, 'Cached') ?? 0);
  if (total === undefined || total === 0) throw new Error('proc/meminfo has no line MemTotal');
  const bounded = Math.min(available, total);
  const values = { used: total - bounded, available: bounded, total };
  const swapTotal = bytesOf(text, 'SwapTotal');
  const swapFree = bytesOf(text, 'SwapFree');
  if (swapTotal === undefined || swapFree === undefined) return values;
  return { ...values, swap_used: Math.max(0, swapTotal - swapFree), swap_total: swapTotal };
}

/** The value of a line such as `MemTotal:  16318412 kB`, where kB means 1,024 bytes. */
function bytesOf(text: string, name: string): number | undefined {
  const at = text.startsWith(`${name}:`) ? 0 : text.indexOf(`\n${name}:`) + 1;
  if (at === 0 && !text.startsWith(`${name}:`)) return undefined;
  const kibibytes = Number.parseInt(text.slice(at + name.length + 1, at + name.length + 32), 10);
  return Number.isSafeInteger(kibibytes) && kibibytes >= 0 ? kibibytes * 1_024 : undefined;
}
