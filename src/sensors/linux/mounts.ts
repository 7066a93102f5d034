/** A mounted file system that has room of its own to run out of. */
export interface Mount {
  readonly device: string;
  /** Where it is mounted, as the machine sees it. */
  readonly point: string;
  readonly type: string;
  /** Its answer depends on another machine or another program. */
  readonly remote: boolean;
  /** Its answer is in the kernel's memory, and nothing on the path to it depends on another machine or program. */
  readonly atHand: boolean;
}

/** Real file systems whose device is not a path below `/dev`. */
const deviceless = /^(zfs|bcachefs|ubifs|jffs2|vboxsf|prl_fs|vmhgfs|fuse\.vmhgfs-fuse|virtiofs|drvfs)$/;
const network =
  /^(nfs4?|cifs|smb3|smbfs|ceph|9p|afs|ncpfs|lustre|glusterfs|beegfs|orangefs|gpfs|davfs|fuse(blk)?|fuse\..+|virtiofs|vboxsf|prl_fs|vmhgfs)$/;
/** These keep count of their free blocks in memory: to ask them never reads a disk, and takes a microsecond. */
const counted = /^(ext[234]|xfs)$/;
/** FUSE file systems that show something else than storage, or storage that is counted already. */
const notStorage =
  /^fuse\.(gvfsd-fuse|portal|lxcfs|snapfuse|squashfuse|fuse-overlayfs|overlayfs|unionfs.*|bindfs|archivemount|gocryptfs|encfs|.*appimage.*)$/i;
/** Images: always as full as on the day that they were made. */
const image = /^(squashfs|iso9660|erofs|cramfs|romfs)$/;
/** Files that a container engine mounts one by one from the host's disk. */
const containerFiles: ReadonlySet<string> = new Set(['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']);

/** Mounts that are asked; a machine that has more is a host of containers, where the same devices come again and again. */
export const mountsMax = 256;

/**
 * The mounts that count, from the text of `/proc/mounts` (format: fstab(5)): what `df` shows without pseudo, bind, overlay and
 * image file systems. A device that is mounted several times counts once, at its shortest mount point. In the order of the text.
 */
export function parseMounts(text: string): readonly Mount[] {
  // What was mounted last at a point hides what was there before.
  const atPoint = new Map<string, Omit<Mount, 'atHand'> | undefined>();
  const remotePoints: string[] = [];
  for (const line of text.split('\n')) {
    const [device, point, type, options] = line.split(' ');
    if (device === undefined || point === undefined || type === undefined || options === undefined) continue;
    const mount = { device: unescape(device), point: unescape(point), type, remote: network.test(type) };
    if (mount.remote || type === 'autofs') remotePoints.push(`${mount.point}/`);
    atPoint.set(mount.point, isStorage(mount, options) ? mount : undefined);
  }
  const ofDevice = new Map<string, Omit<Mount, 'atHand'>>();
  for (const mount of atPoint.values()) {
    if (mount === undefined) continue;
    const key = deviceKey(mount);
    const other = ofDevice.get(key);
    if (other === undefined || mount.point.length < other.point.length) ofDevice.set(key, mount);
  }
  return [...ofDevice.values()].slice(0, mountsMax).map(({ device, point, type, remote }) => {
    const behindAnother = remotePoints.some((other) => point.startsWith(other));
    return { device, point, type, remote, atHand: counted.test(type) && !behindAnother };
  });
}

/** Whether a mount has room of its own to run out of. `options` as in the fourth column of fstab(5). */
export function isStorage({ device, point, type }: Pick<Mount, 'device' | 'point' | 'type'>, options: string): boolean {
  if (image.test(type) || notStorage.test(type) || containerFiles.has(point)) return false;
  // UDF is the file system of video discs, and of some memory cards, which are writable.
  if (type === 'udf' && options.split(',').includes('ro')) return false;
  return network.test(type) || deviceless.test(type) || device.startsWith('/dev/');
}

/** Programs behind FUSE write what they like as their device, often the same word for each mount. */
function deviceKey({ device, point, type }: Pick<Mount, 'device' | 'point' | 'type'>): string {
  return type.startsWith('fuse') && !device.startsWith('/dev/') ? `${device} ${point}` : device;
}

/** Undoes the octal escapes of space, tab, newline and backslash. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
