import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mountsMax, parseMounts } from '../../src/sensors/linux/mounts.ts';

function points(...lines: readonly string[]): readonly string[] {
  return parseMounts(`${lines.join('\n')}\n`).map(({ point }) => point);
}

describe('the mounts that count', () => {
  test.each([
    'proc /proc proc rw 0 0',
    'tmpfs /run tmpfs rw 0 0',
    'udev /dev devtmpfs rw 0 0',
    'overlay /var/lib/docker/overlay2/a/merged overlay rw 0 0',
    'overlay / overlay rw 0 0',
    'systemd-1 /mnt/share autofs rw 0 0',
    'efivarfs /sys/firmware/efi/efivars efivarfs rw 0 0',
    'fusectl /sys/fs/fuse/connections fusectl rw 0 0',
    'portal /run/user/1000/doc fuse.portal rw 0 0',
    'lxcfs /var/lib/lxcfs fuse.lxcfs rw 0 0',
    '/dev/loop3 /snap/core22/1 squashfs ro 0 0',
    '/dev/sr0 /media/disc iso9660 ro 0 0',
    '/dev/sr0 /media/film udf ro,nosuid 0 0',
    '/dev/mapper/system /system erofs ro 0 0',
    '/dev/vda1 /etc/hosts ext4 rw 0 0',
    '/dev/vda1 /etc/resolv.conf ext4 rw 0 0',
    'half a line',
    '',
  ])('%s does not', (line) => {
    expect(points(line)).toEqual([]);
  });

  test.each([
    ['/dev/nvme0n1p2 / ext4 rw 0 0', false],
    ['/dev/mapper/vg-root / xfs rw 0 0', false],
    ['/dev/sdb1 / ext4 ro 0 0', false],
    ['/dev/sdc1 / udf rw 0 0', false],
    ['tank/data / zfs rw 0 0', false],
    ['ubi0:rootfs / ubifs rw 0 0', false],
    ['host:/export / nfs4 rw 0 0', true],
    ['//host/share / cifs rw 0 0', true],
    ['ada@host: / fuse.sshfs rw 0 0', true],
    ['/dev/sdd1 / fuseblk rw 0 0', true],
    ['C:\\134 / 9p rw 0 0', true],
  ])('%s does; whether it may hang on something else: %s', (line, remote) => {
    expect(parseMounts(line)).toMatchObject([{ point: '/', remote }]);
  });

  test('a device that is mounted several times counts once, at the shortest point, or the first of these', () => {
    expect(points('/dev/a /long/one btrfs rw 0 0', '/dev/a / btrfs rw 0 0', '/dev/a /var btrfs rw 0 0')).toEqual(['/']);
    expect(points('/dev/a /b ext4 rw 0 0', '/dev/a /a ext4 rw 0 0')).toEqual(['/b']);
    expect(points('host:/x /long nfs rw 0 0', 'host:/x /s nfs rw 0 0', 'host:/y /t nfs rw 0 0')).toEqual(['/s', '/t']);
  });

  test('two mounts of the same program behind FUSE are two', () => {
    expect(points('s3fs /a fuse.s3fs rw 0 0', 's3fs /b fuse.s3fs rw 0 0')).toEqual(['/a', '/b']);
  });

  test('what is mounted over another mount hides it', () => {
    expect(points('/dev/a /mnt ext4 rw 0 0', 'tmpfs /mnt tmpfs rw 0 0')).toEqual([]);
    expect(points('rootfs / rootfs rw 0 0', '/dev/a / ext4 rw 0 0')).toEqual(['/']);
  });

  test('octal escapes stand for space, tab, newline and backslash', () => {
    expect(points('/dev/a /media/Blue\\040disk\\011\\012\\134é ext4 rw 0 0')).toEqual(['/media/Blue disk\t\n\\é']);
  });

  test('of a host with thousands of mounts no more than the limit are asked', () => {
    const lines = Array.from({ length: mountsMax + 50 }, (_, index) => `/dev/d${index} /m${index} ext4 rw 0 0`);
    expect(points(...lines)).toHaveLength(mountsMax);
  });

  test('any text gives mounts with differing points, and never throws', () => {
    const word = fc.constantFrom('/dev/a', '/dev/b', '/', '/x', 'ext4', 'nfs', 'tmpfs', 'rw', '\\040', '\\', 'é', '');
    const line = fc.array(word, { maxLength: 7 }).map((words) => words.join(' '));
    const text = fc.oneof(
      fc.string(),
      fc.array(line, { maxLength: 20 }).map((lines) => lines.join('\n')),
    );
    fc.assert(
      fc.property(text, (any) => {
        const found = parseMounts(any).map(({ point }) => point);
        expect(new Set(found).size).toBe(found.length);
      }),
    );
  });
});
