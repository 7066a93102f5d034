import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Values } from '../../core/reading.ts';
import type { Sensor } from '../contract.ts';
import { utilisation } from '../cpu-times.ts';
import type { CpuTimes } from '../cpu-times.ts';
import { absentWithoutFile } from './absent.ts';
import type { LinuxHost } from './host.ts';
import { KernelFile } from './kernel-file.ts';

/** The first line of `/proc/stat` is the sum over all processors: a word and ten numbers of at most 20 digits. */
const statBytes = 256;
const loadBytes = 128;
const onlineBytes = 1_024;
/** Processors are seldom added to a running machine. */
const coresMsMax = 60_000;

/** `cpu`: `utilisation` 0..1 since the last round (from the second one on), `load1`, `load5`, `load15`, and `cores`, those online. */
export function cpu(host: LinuxHost): Sensor {
  const stat = new KernelFile(join(host.root, 'proc/stat'), { bytes: statBytes, atHand: true });
  const load = new KernelFile(join(host.root, 'proc/loadavg'), { bytes: loadBytes, atHand: true });
  const cores = new Cores(host.root, host.clock);
  let last: CpuTimes | undefined;
  return {
    name: 'cpu',
    hint: `there is no proc/stat below ${host.root}: --root must be the folder that has the machine's proc and sys`,
    async read() {
      const [statText, loadText, count] = await Promise.all([
        absentWithoutFile(stat.text()),
        absentWithoutFile(load.text()),
        cores.count(),
      ]);
      if (statText === 'absent' && loadText === 'absent') return 'absent';
      const times = statText === 'absent' ? undefined : parseCpuTimes(statText);
      const values = {
        ...utilisation(last, times),
        ...(loadText === 'absent' ? {} : parseLoad(loadText)),
        ...(count === undefined ? {} : { cores: count }),
      };
      last = times;
      return [{ sensor: 'cpu', values }];
    },
    close: async () => {
      await Promise.all([stat.close(), load.close(), cores.close()]);
    },
  };
}

/** From the first line of `/proc/stat` (format: proc_stat(5)). Waiting for a disk is idle time; guests are part of `user`. */
export function parseCpuTimes(text: string): CpuTimes {
  const line = text.slice(0, Math.max(0, text.indexOf('\n'))) || text;
  const [word, ...fields] = line.trim().split(/\s+/);
  const ticks = fields.slice(0, 8).map(Number);
  const [user, nice, system, idle, ioWait = 0] = ticks;
  if (word !== 'cpu' || user === undefined || nice === undefined || system === undefined || idle === undefined) {
    throw new Error('proc/stat does not start with the line cpu');
  }
  const total = ticks.reduce((sum, tick) => sum + tick, 0);
  if (!Number.isFinite(total)) throw new Error('proc/stat has something else than numbers in its line cpu');
  return { busy: total - idle - ioWait, total };
}

/** From the text of `/proc/loadavg` (format: proc_loadavg(5)): processes that run or wait, averaged over 1, 5 and 15 minutes. */
export function parseLoad(text: string): Values {
  const [load1 = Number.NaN, load5 = Number.NaN, load15 = Number.NaN] = text.split(' ').slice(0, 3).map(parseAverage);
  if (!Number.isFinite(load1 + load5 + load15)) throw new Error('proc/loadavg does not start with three numbers');
  return { load1, load5, load15 };
}

/** How many processors a list such as `0-3,8` names; undefined where it is not one. */
export function parseCpuList(text: string): number | undefined {
  let count = 0;
  for (const range of text.trim().split(',')) {
    const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(range) ?? [];
    if (first === undefined || Number(last) < Number(first)) return undefined;
    count += Number(last) - Number(first) + 1;
  }
  return count;
}

function parseAverage(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

class Cores {
  readonly #file: KernelFile;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #count: number | undefined;
  #readMs = Number.NEGATIVE_INFINITY;

  constructor(root: string, clock: Pick<Clock, 'monotonicMs'>) {
    this.#file = new KernelFile(join(root, 'sys/devices/system/cpu/online'), { bytes: onlineBytes });
    this.#clock = clock;
  }

  async count(): Promise<number | undefined> {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#readMs < coresMsMax) return this.#count;
    this.#readMs = nowMs;
    const text = await absentWithoutFile(this.#file.text());
    this.#count = text === 'absent' ? undefined : parseCpuList(text);
    return this.#count;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
