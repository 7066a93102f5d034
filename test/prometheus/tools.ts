import { spawnSync } from 'node:child_process';

export type Tool = 'prometheus' | 'promtool';

/** What the finding of a tool needs of the machine. */
export interface Machine {
  readonly isRoot: boolean;
  /** Whether a program of that name can be started. */
  readonly has: (program: string) => boolean;
  /** Runs a command to its end; what it printed where it failed. */
  readonly run: (command: string, args: readonly string[]) => string | undefined;
}

const thisMachine: Machine = {
  isRoot: process.getuid?.() === 0,
  has: (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined,
  run: (command, args) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status, stdout, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', timeout: 300_000 });
    return status === 0 ? undefined : `${stdout}${stderr}${error?.message ?? ''}`;
  },
};

/** The tool of Debian's package prometheus, which is installed where it is missing and that can be done. Throws where it cannot: a test that needs it is never left out. */
export function needTool(tool: Tool, { isRoot, has, run }: Machine = thisMachine): Tool {
  if (has(tool)) return tool;
  const missing = `${tool} is missing, and these tests ask the real one`;
  const byHand = "install Debian's package prometheus: apt-get install --no-install-recommends prometheus";
  if (!isRoot || !has('apt-get')) throw new Error(`${missing}; ${byHand}`);
  // Without fresh lists the package may still be found; and another test may be reading them.
  const update = run('apt-get', ['update', '-q']);
  const lock = ['-o', 'DPkg::Lock::Timeout=120'];
  const install = run('apt-get', ['install', '-qy', '--no-install-recommends', ...lock, 'prometheus']);
  if (has(tool)) return tool;
  throw new Error(`${missing}; apt-get could not install it: ${install ?? update ?? 'it said nothing'}; ${byHand}`);
}
