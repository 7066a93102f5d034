import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sensor } from '../../src/sensors/contract.ts';
import { disk, diskValues } from '../../src/sensors/linux/disk.ts';
import type { FileSystem, Statfs } from '../../src/sensors/linux/host.ts';
import { SlowCalls } from '../../src/sensors/linux/slow-calls.ts';
import { ManualClock } from './manual-clock.ts';

const signal = new AbortController().signal;
const fileSystem: FileSystem = { bsize: 4_096, frsize: 4_096, blocks: 1_000, bfree: 400, bavail: 300 };

/** Statfs whose answers for some paths come only when the test says so. */
class Kernel {
  readonly asked: string[] = [];
  readonly hanging = new Set<string>();
  readonly #waiting = new Map<string, () => void>();
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  readonly statfs: Statfs = (path, callback) => {
    const point = `/${path.slice(this.#root.length + 1)}`;
    this.asked.push(point);
    const answer = (): void => {
      callback(null, fileSystem);
    };
    if (this.hanging.has(point)) this.#waiting.set(point, answer);
    else setImmediate(answer);
  };

  release(point: string): void {
    this.hanging.delete(point);
    this.#waiting.get(point)?.();
    this.#waiting.delete(point);
  }
}

describe('disk', () => {
  let root: string;
  let clock: ManualClock;
  let kernel: Kernel;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'disk-'));
    await mkdir(join(root, 'proc/1'), { recursive: true });
    clock = new ManualClock();
    kernel = new Kernel(root);
  });

  afterEach(() => rm(root, { recursive: true }));

  async function sensorOf(...mounts: readonly string[]): Promise<Sensor> {
    await writeFile(join(root, 'proc/1/mounts'), `${mounts.join('\n')}\n`);
    return disk({ root, clock, statfs: kernel.statfs, slowCalls: new SlowCalls(), timeoutMs: 2_000 });
  }

  /** One round in which all calls that do not hang have answered before the time-out. */
  async function roundOf(sensor: Sensor): Promise<readonly (string | undefined)[]> {
    const reading = sensor.read(signal);
    const state = { settled: false };
    void reading.finally(() => {
      state.settled = true;
    });
    while (!state.settled && clock.waits === 0) await new Promise(setImmediate);
    for (let turn = 0; turn < 20 && !state.settled; turn += 1) await new Promise(setImmediate);
    if (!state.settled) clock.advance(2_000);
    const readings = await reading;
    return readings === 'absent' ? [] : readings.map(({ id }) => id);
  }

  function left(sensor: Sensor): readonly (string | undefined)[] {
    return (sensor.omissions?.() ?? []).map(({ id }) => id);
  }

  test('file systems that count in memory are asked at once, unless another machine or program is on the way to them', async () => {
    const mounts = [
      '/dev/sda1 / ext4 rw 0 0',
      '/dev/sdb1 /data xfs rw 0 0',
      '/dev/sdc1 /btrfs btrfs rw 0 0',
      'nas:/x /net nfs4 rw 0 0',
      '/dev/loop1 /net/image ext4 rw 0 0',
    ];
    await writeFile(join(root, 'proc/1/mounts'), `${mounts.join('\n')}\n`);
    const asked: string[] = [];
    const statfsNow = (path: string): FileSystem => {
      asked.push(path.slice(root.length));
      if (path.endsWith('data')) throw new Error('EIO: i/o error');
      return fileSystem;
    };
    const slowCalls = new SlowCalls();
    const sensor = disk({ root, clock, statfs: kernel.statfs, statfsNow, slowCalls, timeoutMs: 2_000 });
    const readings = await sensor.read(new AbortController().signal);
    expect(asked).toEqual(['/', '/data']);
    expect(kernel.asked).toEqual(['/btrfs', '/net', '/net/image']);
    expect(readings).toHaveLength(4);
    expect(sensor.omissions?.()).toEqual([{ id: '/data', kind: 'failed', reason: 'EIO: i/o error' }]);
    await sensor.close?.();
  });

  test('the counts of statfs are in units of frsize, and what is kept for root is used, not available', () => {
    expect(diskValues({ bsize: 1_048_576, frsize: 4_096, blocks: 100, bfree: 40, bavail: 35 })).toEqual({
      used: 60 * 4_096,
      available: 35 * 4_096,
      total: 100 * 4_096,
    });
    expect(diskValues({ ...fileSystem, blocks: 0 })).toBeUndefined();
    expect(diskValues({ ...fileSystem, bfree: 2_000 })).toBeUndefined();
  });

  test('each mount is looked up below the root and reported as the machine sees it', async () => {
    const sensor = await sensorOf('/dev/a / ext4 rw 0 0', '/dev/b /media/Blue\\040disk ext4 rw 0 0');
    expect(await roundOf(sensor)).toEqual(['/', '/media/Blue disk']);
    expect(kernel.asked).toEqual(['/', '/media/Blue disk']);
    expect(clock.waits).toBe(0);
  });

  test('a hung mount costs its own reading only, and is not asked again until its call returns', async () => {
    const sensor = await sensorOf('/dev/a / ext4 rw 0 0', 'host:/x /share nfs rw 0 0');
    kernel.hanging.add('/share');
    expect(await roundOf(sensor)).toEqual(['/']);
    expect(sensor.omissions?.()).toEqual([
      { id: '/share', kind: 'failed', reason: 'no answer in 2.0 s; it is asked again when that call returns' },
    ]);

    expect(await roundOf(sensor)).toEqual(['/']);
    expect(left(sensor)).toEqual(['/share']);
    expect(kernel.asked.filter((point) => point === '/share')).toHaveLength(1);

    kernel.release('/share');
    expect(await roundOf(sensor)).toEqual(['/', '/share']);
    expect(left(sensor)).toEqual([]);
    expect(kernel.asked.filter((point) => point === '/share')).toHaveLength(2);
  });

  test('only the round in which a mount begins to hang waits for the time-out', async () => {
    const sensor = await sensorOf(
      '/dev/a / ext4 rw 0 0',
      'host:/x /x nfs rw 0 0',
      'host:/y /y nfs rw 0 0',
      'host:/z /z nfs rw 0 0',
    );
    for (const point of ['/x', '/y', '/z']) kernel.hanging.add(point);
    await roundOf(sensor);
    const before = clock.monotonicMs();
    expect(await roundOf(sensor)).toEqual(['/']);
    expect(clock.monotonicMs()).toBe(before);
    expect(left(sensor)).toEqual(['/x', '/y', '/z']);
  });

  test('one mount that hangs for many rounds leaves the others on the network their turn', async () => {
    const sensor = await sensorOf('host:/x /x nfs rw 0 0', 'host:/y /y nfs rw 0 0');
    kernel.hanging.add('/x');
    for (let round = 0; round < 4; round += 1) {
      if (round === 2) kernel.hanging.add('/y');
      expect(await roundOf(sensor)).toEqual(round === 2 ? [] : ['/y']);
      kernel.release('/y');
    }
    kernel.release('/x');
    expect(await roundOf(sensor)).toEqual(['/x', '/y']);
  });

  test('of mounts on the network no more than two are asked at a time, and the others are left out with a reason', async () => {
    const sensor = await sensorOf(
      ...['/1', '/2', '/3', '/4'].map((point) => `host:${point} ${point} nfs rw 0 0`),
      '/dev/a / ext4 rw 0 0',
    );
    for (const point of ['/1', '/2', '/3', '/4']) kernel.hanging.add(point);
    expect(await roundOf(sensor)).toEqual(['/']);
    expect(kernel.asked.toSorted()).toEqual(['/', '/1', '/2']);
    expect(sensor.omissions?.().map(({ reason }) => reason.split(' ')[0])).toEqual(['no', 'no', 'not', 'not']);

    kernel.release('/1');
    for (const point of ['/2', '/3', '/4']) kernel.hanging.delete(point);
    expect(await roundOf(sensor)).toEqual(['/1', '/3', '/4', '/']);
  });

  test('even when everything hangs one thread of four is left, and a sick local disk leaves the others their turn', async () => {
    const points = ['/a', '/b', '/c', '/d', '/e'];
    const sensor = await sensorOf(
      ...points.map((point) => `/dev${point} ${point} ext4 rw 0 0`),
      'host:/n /n nfs rw 0 0',
    );
    kernel.hanging.add('/a');
    expect(await roundOf(sensor)).toEqual(['/b', '/c', '/d', '/e', '/n']);
    for (const point of [...points, '/n']) kernel.hanging.add(point);
    expect(await roundOf(sensor)).toEqual([]);
    expect(kernel.asked).toHaveLength(6 + 2);
  });

  test('a mount that comes or goes shows in a later round', async () => {
    const sensor = await sensorOf('/dev/a / ext4 rw 0 0');
    await roundOf(sensor);
    await writeFile(join(root, 'proc/1/mounts'), '/dev/a / ext4 rw 0 0\n/dev/b /data xfs rw 0 0\n');
    clock.advance(5_000);
    expect(await roundOf(sensor)).toEqual(['/', '/data']);
  });

  test('a machine without a file system of its own, or without the list, has no disk', async () => {
    expect(await (await sensorOf('overlay / overlay rw 0 0')).read(signal)).toBe('absent');
    await rm(join(root, 'proc/1/mounts'));
    const sensor = disk({ root, clock, statfs: kernel.statfs, slowCalls: new SlowCalls(), timeoutMs: 2_000 });
    expect(await sensor.read(signal)).toBe('absent');
    expect(sensor.hint).toContain('--root /host');
  });
});
