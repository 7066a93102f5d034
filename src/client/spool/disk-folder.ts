import { write } from 'node:fs';
import { open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolFile, SpoolFolder } from './folder.ts';

/** A folder of the file system, which is there. Its files are for their user alone. */
export function diskFolder(path: string): SpoolFolder {
  return {
    list: () => readdir(path),
    async read(name, bytesMax) {
      const file = await open(join(path, name), 'r');
      try {
        return await readWhole(file, bytesMax);
      } finally {
        await file.close();
      }
    },
    create: async (name) => new DiskFile(await open(join(path, name), 'ax', 0o600)),
    open: async (name) => new DiskFile(await open(join(path, name), 'a', 0o600)),
    rename: (name, newName) => rename(join(path, name), join(path, newName)),
    remove: (name) => unlink(join(path, name)),
    async sync() {
      const folder = await open(path, 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    },
  };
}

async function readWhole(file: FileHandle, bytesMax: number): Promise<Buffer> {
  const { size } = await file.stat();
  if (size > bytesMax) throw new Error(`${size} bytes, more than any segment has`);
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await file.read(bytes, at, size - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

class DiskFile implements SpoolFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  append(text: string): Promise<void> {
    return writeAll(this.#handle.fd, Buffer.from(text));
  }

  truncate(bytes: number): Promise<void> {
    return this.#handle.truncate(bytes);
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Each round comes by here: a callback costs a third less than the promise of a handle does. */
function writeAll(fd: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const writeFrom = (at: number): void => {
      write(fd, bytes, at, bytes.length - at, null, (error, count) => {
        if (error !== null) reject(error);
        else if (at + count < bytes.length) writeFrom(at + count);
        else resolve();
      });
    };
    writeFrom(0);
  });
}
