import { join } from 'node:path';
import type { Reading, Values } from '../../core/reading.ts';
import type { Omission, Sensor } from '../contract.ts';
import { absentWithoutFile } from './absent.ts';
import { BoundedRound, reasonOf } from './bounded-round.ts';
import type { Call, Outcome, Settle } from './bounded-round.ts';
import type { FileSystem, LinuxHost } from './host.ts';
import { KernelFile } from './kernel-file.ts';
import { parseMounts } from './mounts.ts';
import type { Mount } from './mounts.ts';

/** A desktop has 5 kB of mounts, a large host of containers some 100; the rest would be more of the same. */
const mountsBytes = { bytes: 8_192, whole: { bytesMax: 1_048_576 } } as const;

/** A mount or an unmount shows after this time; reading the list takes three system calls. */
const mountsMsMax = 5_000;

/** `disk`: `used`, `available` and `total`, bytes, of each mounted real file system; `id` is the mount point. */
export function disk(host: LinuxHost): Sensor {
  // A container's own process 1 would show the container's mounts; below another root it is the machine's.
  const file = new KernelFile(join(host.root, host.root === '/' ? 'proc/self/mounts' : 'proc/1/mounts'), mountsBytes);
  const round = new BoundedRound<FileSystem>(host);
  let calls: readonly Call<FileSystem>[] = [];
  let known = { text: '', readMs: Number.NEGATIVE_INFINITY };
  let omissions: readonly Omission[] = [];
  return {
    name: 'disk',
    hint: 'only pseudo or overlay file systems are mounted; in a container mount the host’s root at /host and set --root /host',
    async read() {
      omissions = [];
      const nowMs = host.clock.monotonicMs();
      if (nowMs - known.readMs >= mountsMsMax) {
        const text = await absentWithoutFile(file.text());
        if (text === 'absent') return 'absent';
        if (text !== known.text) calls = parseMounts(text).map((mount) => callOf(mount, host));
        known = { text, readMs: nowMs };
      }
      if (calls.length === 0) return 'absent';
      const outcomes = await round.ask(calls);
      const readings: Reading[] = [];
      const left: Omission[] = [];
      for (const [index, { key: point }] of calls.entries()) {
        const outcome = outcomes[index];
        if (outcome?.type === 'answer') {
          const values = diskValues(outcome.value);
          if (values !== undefined) readings.push({ sensor: 'disk', id: point, values });
        } else if (outcome !== undefined) left.push({ id: point, kind: 'failed', reason: reasonOf(outcome) });
      }
      omissions = left;
      return readings;
    },
    omissions: () => omissions,
    close: () => file.close(),
  };
}

function callOf({ point, remote, atHand }: Mount, { root, statfs, statfsNow }: LinuxHost): Call<FileSystem> {
  const path = join(root, point);
  const start = (settle: Settle<FileSystem>): void => {
    statfs(path, (error, value) => {
      settle(error === null ? { type: 'answer', value } : { type: 'error', error });
    });
  };
  if (atHand && statfsNow !== undefined) {
    return { key: point, pace: 'quick', start: (settle) => settle(answerOf(() => statfsNow(path))) };
  }
  return { key: point, pace: remote ? 'remote' : 'local', start };
}

function answerOf(ask: () => FileSystem): Outcome<FileSystem> {
  try {
    return { type: 'answer', value: ask() };
  } catch (error) {
    return { type: 'error', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/**
 * Bytes from the counts of statfs(2), which are in units of `frsize`; FUSE file systems often have another `bsize`. `available`
 * is what users may still write, `used` includes what is kept for root. Undefined for a file system without room of its own.
 */
export function diskValues({ bsize, frsize, blocks, bfree, bavail }: FileSystem): Values | undefined {
  const unit = frsize > 0 ? frsize : bsize;
  if (!(blocks > 0) || bfree > blocks) return undefined;
  return { used: (blocks - bfree) * unit, available: Math.max(0, bavail) * unit, total: blocks * unit };
}
