import { spawnSync } from 'node:child_process';
import { needTool } from './tools.ts';

export interface Checked {
  readonly code: number | null;
  /** What it has to complain of, a line each. */
  readonly complaints: readonly string[];
}

/** Runs promtool with these arguments and this text as its input. */
export function promtool(args: readonly string[], input = ''): Checked {
  const { status, stdout, stderr } = spawnSync(needTool('promtool'), args, { input, encoding: 'utf8' });
  const lines = stderr.split('\n').filter((line) => line !== '');
  return {
    code: status,
    complaints: status === 0 ? lines : [...lines, ...stdout.split('\n').filter((line) => line !== '')],
  };
}
