import { readFileSync, readdirSync } from 'node:fs';

/** What a process has cost since it started. */
export interface ProcessCost {
  /** User and system time of all of its threads, milliseconds. */
  readonly cpuMs: number;
  /** What it has caused to be written to disks: pages when they become dirty. Files in memory do not count. */
  readonly writtenBytes: number;
  /** Page faults of child processes that it has waited for; any program that it had run has made some. */
  readonly childFaults: number;
}

/** From `/proc/PID`; formats: proc_pid_stat(5), proc_pid_io(5), and Documentation/scheduler/sched-stats for `schedstat`. */
export function costOf(pid: number): ProcessCost {
  return {
    cpuMs: threadsOf(pid).reduce((sum, thread) => sum + runMs(pid, thread), 0),
    writtenBytes: Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]),
    childFaults: childFaults(pid),
  };
}

/** User and system time of a process whose threads come and go, those that have ended included, milliseconds: in steps of ten, which is what the kernel tells of it. */
export function processTimeMs(pid: number): number {
  const fields = statFields(pid);
  // `utime` and `stime`, fields 14 and 15, in hundredths of a second (USER_HZ).
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory, KiB: all of it, and the part that it shares with nobody. */
export function memoryOf(pid: number): { readonly rss: number; readonly own: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return {
    rss: kibibytes(rollup, 'Rss'),
    own: kibibytes(rollup, 'Private_Clean') + kibibytes(rollup, 'Private_Dirty'),
  };
}

/** Resident memory now, MiB. Cheaper to ask for than `memoryOf`, and as exact where a process shares nothing. */
export function residentMiB(pid: number): number {
  return kibibytes(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS') / 1_024;
}

/** Processes that it has running now. */
export function childrenOf(pid: number): number {
  return threadsOf(pid)
    .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim())
    .filter((list) => list !== '').length;
}

/** Node.js' threads live as long as the process, so that none takes its time with it. */
function threadsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/task`);
}

/** In nanoseconds, where `stat` has hundredths of a second. */
function runMs(pid: number, thread: string): number {
  const [nanoseconds] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

function childFaults(pid: number): number {
  const fields = statFields(pid);
  // `cminflt` and `cmajflt`, fields 11 and 13.
  return Number(fields[8]) + Number(fields[10]);
}

/** From the third on: what is before, the name of the program, may hold spaces. */
function statFields(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function kibibytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]);
}
