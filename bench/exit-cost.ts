import type { ProcessCost } from './process-cost.ts';

/** What a program has cost from its start to its very end, when all of its files were closed. */
export type ExitCost = Pick<ProcessCost, 'cpuMs' | 'writtenBytes'>;

const program = `
  import { isMainThread } from 'node:worker_threads';
  import { readFileSync } from 'node:fs';
  if (isMainThread) process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const writtenBytes = Number(/^write_bytes: (\\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))[1]);
    console.log(JSON.stringify({ exitCost: { cpuMs: (user + system) / 1_000, writtenBytes } }));
  });`;

/** Given to Node.js before a program, these make it print at its end what it cost. */
export const tellExitCost: readonly string[] = ['--import', `data:text/javascript,${encodeURIComponent(program)}`];

/** The last line of what such a program has printed, and what was printed before it. */
export function exitCostIn(output: string): { readonly cost: ExitCost; readonly before: string } {
  const lineFrom = output.lastIndexOf('{"exitCost":');
  if (lineFrom < 0) throw new Error(`a program did not tell what it cost: ${output}`);
  const { exitCost } = JSON.parse(output.slice(lineFrom)) as { readonly exitCost: ExitCost };
  return { cost: exitCost, before: output.slice(0, lineFrom) };
}
