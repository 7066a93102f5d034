import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../opened.ts';

const child = fileURLToPath(new URL('disk-full-child.ts', import.meta.url));
/** The mount is the child's alone and ends with it. Whoever is not root becomes root of a user namespace, where that is allowed. */
const inNamespace = ['--mount', '--map-root-user'];
const mountAndRun = 'mount -t tmpfs -o size=4m none "$1" && exec "$2" "$3" "$1"';

test('a disk that is full refuses, keeps what was acknowledged, and takes more once there is space', (context) => {
  const folder = temporaryFolder();
  const allowed = spawnSync('unshare', [...inNamespace, 'mount', '-t', 'tmpfs', 'none', folder], { encoding: 'utf8' });
  if (allowed.status !== 0 && process.env['CI'] !== 'true') {
    context.skip(`no small file system can be mounted here: ${String(allowed.error ?? allowed.stderr)}`);
  }
  expect(allowed, 'this test mounts a small file system, which this machine does not allow').toMatchObject({
    status: 0,
  });
  const { stdout, stderr, status } = spawnSync(
    'unshare',
    [...inNamespace, 'sh', '-c', mountAndRun, 'sh', folder, process.execPath, child],
    { encoding: 'utf8', timeout: 20_000 },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { failures, whenFull, mended, whenMended, size, readOnly, whenAgain } = JSON.parse(stdout);
  expect(failures).toEqual(Array.from({ length: 5 }, () => 'store-full'));
  expect(whenFull.acknowledged).toBeGreaterThan(size);
  expect(whenFull.stored).toBe(whenFull.acknowledged);
  // The same store, without being opened anew, and all that it has again is no duplicate in it.
  expect(mended).toBe('no error');
  expect(whenMended).toBe(whenFull.acknowledged + size);
  expect(readOnly).toBe('store-read-only');
  expect(whenAgain).toBe(whenMended);
});
