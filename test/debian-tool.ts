import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that tests need and npm does not bring. */
export interface DebianTool {
  /** Names under which it may be installed; the first that is there is taken. */
  readonly names: readonly string[];
  /** Debian's package of it. */
  readonly packageName: string;
}

const installMsMax = 300_000;

/**
 * Where the program is. Where it is missing it is installed from Debian's packages, if this is Debian and root; else throws, with what to do: a test that needs it
 * never passes without it.
 */
export function debianTool(tool: DebianTool): string {
  return find(tool) ?? installed(tool) ?? missing(tool);
}

function find({ names }: DebianTool): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => isProgram(path));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installed(tool: DebianTool): string | undefined {
  if (process.getuid?.() !== 0 || find({ names: ['apt-get'], packageName: 'apt' }) === undefined) return undefined;
  console.log(`installing ${tool.packageName} from Debian's packages, which some tests need`);
  // Several test files may find it missing at the same time: apt waits for itself.
  const lock = ['-o', 'DPkg::Lock::Timeout=240'];
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: installMsMax,
    stdio: 'pipe',
  } as const;
  try {
    execFileSync('apt-get', [...lock, 'update', '-q'], options);
    execFileSync('apt-get', [...lock, 'install', '-qy', '--no-install-recommends', tool.packageName], options);
  } catch (error) {
    // Another file's test may have got it meanwhile.
    if (find(tool) === undefined) throw new Error(`apt-get could not install ${tool.packageName}`, { cause: error });
  }
  return find(tool);
}

function missing({ names, packageName }: DebianTool): never {
  throw new Error(
    `${names.join(' or ')} is not installed, and these tests need it: apt-get install ${packageName} as root, or what your system has instead`,
  );
}
