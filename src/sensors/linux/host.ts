import type { StatsFs } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import type { SlowCalls } from './slow-calls.ts';

/** What statfs(2) says of a file system, under the names of Node.js. */
export type FileSystem = Pick<StatsFs, 'bsize' | 'frsize' | 'blocks' | 'bfree' | 'bavail'>;

/** Asks the kernel about the file system that holds `path`, as `statfs` of `node:fs`; late or never where that one hangs. */
export type Statfs = (path: string, callback: (error: Error | null, fileSystem: FileSystem) => void) => void;

/** The machine as the sensors of Linux see it. */
export interface LinuxHost {
  /** The folder that has the machine's `/proc`, `/sys` and file systems: `/`, or `/host` in a container. */
  readonly root: string;
  readonly clock: Pick<Clock, 'monotonicMs' | 'after'>;
  readonly statfs: Statfs;
  /** The same for a file system that cannot hang, or throws; `statfs` wakes a thread that wakes this one. Undefined: all are asked that way. */
  readonly statfsNow?: (path: string) => FileSystem;
  readonly slowCalls: SlowCalls;
  /** How long a round of one sensor waits for mounts or drives that do not answer. */
  readonly timeoutMs: number;
}
