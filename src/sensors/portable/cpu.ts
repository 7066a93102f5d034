import type { Values } from '../../core/reading.ts';
import type { Sensor } from '../contract.ts';
import { utilisation } from '../cpu-times.ts';
import type { CpuTimes } from '../cpu-times.ts';
import { listOf, member, numberOf, textOf } from './answer.ts';
import type { PortableLibraries } from './libraries.ts';

/**
 * `cpu`: `utilisation` 0..1, `load1`, `load5`, `load15` where the system has them, and `cores`. Utilisation and load are node-os-utils'
 * except where its answer is not one: on Windows the load is always 0, and on macOS its utilisation comes from the first sample of
 * `top`, which is the mean since the start; there it is taken from the processors' times since the last round.
 */
export function cpu(libraries: PortableLibraries, platform: NodeJS.Platform): Sensor {
  let last: CpuTimes | undefined;
  return {
    name: 'cpu',
    async read() {
      const cpus = libraries.cpus();
      const now = parseCpus(cpus);
      const busy = platform === 'darwin' ? utilisation(last, now) : parseUsage(await libraries.cpuUsage());
      const load = platform === 'win32' ? {} : parseLoadAverage(await libraries.loadAverage());
      last = now;
      const source = platform === 'darwin' ? undefined : 'node-os-utils: over 200 ms';
      const cores = listOf(cpus).length;
      return [{ sensor: 'cpu', source, values: { ...busy, ...load, ...(cores > 0 ? { cores } : {}) } }];
    },
  };
}

/** From an answer of node-os-utils' `cpu.usage()`, percent. Throws what it says where it failed. */
export function parseUsage(answer: unknown): Values {
  const percent = numberOf({ data: dataOf(answer, 'cpu.usage') }, 'data');
  if (percent === undefined) throw new Error('node-os-utils cpu.usage gave no number');
  return { utilisation: Math.round(Math.min(100, Math.max(0, percent)) * 100) / 10_000 };
}

/** From an answer of node-os-utils' `cpu.loadAverage()`. Throws what it says where it failed. */
export function parseLoadAverage(answer: unknown): Values {
  const data = dataOf(answer, 'cpu.loadAverage');
  const [load1, load5, load15] = [numberOf(data, 'load1'), numberOf(data, 'load5'), numberOf(data, 'load15')];
  if (load1 === undefined || load5 === undefined || load15 === undefined) {
    throw new Error('node-os-utils cpu.loadAverage gave no numbers');
  }
  return { load1, load5, load15 };
}

/** The sum over an answer of `os.cpus()`; undefined where it lists no processor, as on systems that hide them. */
export function parseCpus(answer: unknown): CpuTimes | undefined {
  const cpus = listOf(answer);
  if (cpus.length === 0) return undefined;
  let busy = 0;
  let total = 0;
  for (const one of cpus) {
    const times = member(one, 'times');
    const working = ['user', 'nice', 'sys', 'irq'].reduce((sum, name) => sum + (numberOf(times, name) ?? 0), 0);
    busy += working;
    total += working + (numberOf(times, 'idle') ?? 0);
  }
  return { busy, total };
}

function dataOf(answer: unknown, name: string): unknown {
  if (member(answer, 'success') === true) return member(answer, 'data');
  const error = member(answer, 'error');
  const why = textOf(error, 'message') || 'it did not say why';
  throw new Error(`node-os-utils ${name} failed: ${why}`, { cause: error });
}
