import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KernelFile } from '../../src/sensors/linux/kernel-file.ts';
import { TemporaryFolder } from './temporary-folder.ts';

describe('a kernel file', () => {
  test('is read from its start each time, through one descriptor', async () => {
    await using folder = await TemporaryFolder.make();
    await folder.write('value', 'first');
    const file = new KernelFile(join(folder.path, 'value'), { bytes: 32 });
    expect(await file.text()).toBe('first');
    const open = (await readdir('/proc/self/fd')).length;
    await folder.write('value', 'second');
    expect(await file.text()).toBe('second');
    expect(await readdir('/proc/self/fd')).toHaveLength(open);
    await file.close();
    expect(await readdir('/proc/self/fd')).toHaveLength(open - 1);
    await expect(file.text()).rejects.toThrow('let go');
  });

  test('is cut at its limit, or read whole page by page up to one', async () => {
    await using folder = await TemporaryFolder.make();
    await folder.write('value', '0123456789'.repeat(10));
    const path = join(folder.path, 'value');
    expect(await new KernelFile(path, { bytes: 4 }).text()).toBe('0123');
    expect(await new KernelFile(path, { bytes: 4, whole: { bytesMax: 1_000 } }).text()).toHaveLength(100);
    expect(await new KernelFile(path, { bytes: 4, whole: { bytesMax: 50 } }).text()).toHaveLength(50);
  });

  test('that is missing is an error with its code, and is read once it is there', async () => {
    await using folder = await TemporaryFolder.make();
    const file = new KernelFile(join(folder.path, 'value'), { bytes: 32 });
    await expect(file.text()).rejects.toMatchObject({ code: 'ENOENT' });
    await folder.write('value', 'here');
    expect(await file.text()).toBe('here');
  });

  test('that cannot be read is an error that names it, and is opened anew afterwards', async () => {
    await using folder = await TemporaryFolder.make();
    await folder.write('value/inside', '');
    const file = new KernelFile(join(folder.path, 'value'), { bytes: 32 });
    await expect(file.text()).rejects.toThrow(/value: EISDIR/);
    await folder.remove('value');
    await folder.write('value', 'a file now');
    expect(await file.text()).toBe('a file now');
  });

  test('is not asked a second time while a read is under way', async () => {
    await using folder = await TemporaryFolder.make();
    await folder.write('value', 'text');
    const file = new KernelFile(join(folder.path, 'value'), { bytes: 32 });
    const first = file.text();
    await expect(file.text()).rejects.toThrow('still being read');
    expect(await first).toBe('text');
  });

  test('that is closed during a read gives that read its answer and lets go afterwards', async () => {
    await using folder = await TemporaryFolder.make();
    await folder.write('value', 'text');
    const file = new KernelFile(join(folder.path, 'value'), { bytes: 32 });
    const reading = file.text();
    await file.close();
    expect(await reading).toBe('text');
    await expect(file.text()).rejects.toThrow('let go');
  });
});
