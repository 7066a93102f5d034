import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** What the figures were taken on; without its host name, which is nobody's business. */
export interface BenchMachine {
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly virtual: boolean;
  readonly text: string;
}

export function machineOf(): BenchMachine {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  const cores = availableParallelism();
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  const virtual = /^flags\s*:.*\bhypervisor\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
  const node = process.version;
  const kernel = release();
  const text = `Node.js ${node}, ${cores} cores of ${processor}${virtual ? ', virtual' : ''}, ${memoryGiB} GiB, Linux ${kernel}`;
  return { node, processor, cores, memoryGiB, kernel, virtual, text };
}
