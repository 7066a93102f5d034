import type { Reading } from '../../core/reading.ts';
import type { Sensor } from '../contract.ts';
import { isStorage } from '../linux/mounts.ts';
import { listOf, numberOf, textOf } from './answer.ts';
import type { PortableLibraries } from './libraries.ts';

interface Volume {
  readonly device: string;
  readonly point: string;
  readonly type: string;
  readonly used: number;
  readonly available: number;
  readonly total: number;
}

/** `disk` by way of systeminformation: `used`, `available` and `total`, bytes, of each drive or volume. */
export function disk(libraries: PortableLibraries, platform: NodeJS.Platform): Sensor {
  return {
    name: 'disk',
    hint: 'systeminformation lists no drive with room of its own; on Windows it asks WMI, whose service must run',
    async read() {
      const readings = parseFsSize(await libraries.fsSize(), platform);
      return readings.length === 0 ? 'absent' : readings;
    },
  };
}

/** From an answer of systeminformation's `fsSize()`; `id` is the mount point, or the drive's letter with its colon. */
export function parseFsSize(answer: unknown, platform: NodeJS.Platform): readonly Reading[] {
  const volumes = listOf(answer).flatMap(volumeOf);
  return kept(volumes, platform).map(({ point, used, available, total }) => ({
    sensor: 'disk',
    id: point,
    values: { used, available, total },
  }));
}

function kept(volumes: readonly Volume[], platform: NodeJS.Platform): readonly Volume[] {
  switch (platform) {
    case 'win32':
      return volumes.filter(({ type }) => !/^(CDFS|UDF)$/i.test(type));
    case 'darwin':
      return macVolumes(volumes);
    default:
      return oncePerDevice(
        volumes.filter((volume) => isStorage(volume, 'rw')),
        ({ device }) => device,
      );
  }
}

/**
 * The volumes of one APFS container share its room, so the container counts once, with all that its volumes use; macOS' own
 * helper volumes below /System/Volumes are left out.
 */
function macVolumes(volumes: readonly Volume[]): readonly Volume[] {
  const real = volumes.filter(({ device, type }) => (device.startsWith('/dev/') || type === 'NFS') && type !== 'devfs');
  const once = oncePerDevice(real, (volume) => (isApfs(volume) ? containerOf(volume.device) : volume.device));
  const seen = once.filter(({ point }) => point === '/System/Volumes/Data' || !point.startsWith('/System/Volumes/'));
  return seen.map((volume) => (isApfs(volume) ? withUseOfContainer(volume) : volume));
}

function withUseOfContainer(volume: Volume): Volume {
  return { ...volume, used: volume.total - volume.available };
}

function isApfs({ type }: Volume): boolean {
  return type.toLowerCase() === 'apfs';
}

/** `/dev/disk3s1s1` is a snapshot of volume 1 in container `/dev/disk3`. */
function containerOf(device: string): string {
  return /^\/dev\/disk\d+/.exec(device)?.[0] ?? device;
}

function oncePerDevice(volumes: readonly Volume[], keyOf: (volume: Volume) => string): readonly Volume[] {
  const byKey = new Map<string, Volume>();
  for (const volume of volumes) {
    const other = byKey.get(keyOf(volume));
    if (other === undefined || volume.point.length < other.point.length) byKey.set(keyOf(volume), volume);
  }
  return [...byKey.values()];
}

function volumeOf(item: unknown): readonly Volume[] {
  const total = numberOf(item, 'size');
  const available = numberOf(item, 'available');
  const point = textOf(item, 'mount');
  if (total === undefined || !(total > 0) || available === undefined || point === '') return [];
  const bounded = Math.min(Math.max(0, available), total);
  const used = numberOf(item, 'used') ?? total - bounded;
  return [{ device: textOf(item, 'fs'), point, type: textOf(item, 'type'), used, available: bounded, total }];
}
