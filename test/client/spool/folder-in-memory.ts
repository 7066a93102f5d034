import type { SpoolFile, SpoolFolder } from '../../../src/client/spool/folder.ts';

type Act = 'list' | 'read' | 'create' | 'open' | 'append' | 'truncate' | 'rename' | 'remove' | 'sync';

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}

/** A folder of a spool that fails as a test wants it. Outlives the spools that are opened on it, as a disk does. */
export class FolderInMemory implements SpoolFolder {
  readonly files = new Map<string, Buffer>();
  /** Called before each act; what it throws is what the act rejects with. */
  fault: (act: Act, name: string) => void | Promise<void> = () => undefined;
  /** Bytes that can still be written; a write that is longer is done in part. */
  bytesFree = Number.POSITIVE_INFINITY;
  /** Acts so far, by kind. */
  readonly acts = new Map<Act, number>();

  get bytes(): number {
    return this.files.values().reduce((sum, { length }) => sum + length, 0);
  }

  /** What a crash leaves: the files as they are, and nobody writing. */
  copy(): FolderInMemory {
    const copy = new FolderInMemory();
    for (const [name, bytes] of this.files) copy.files.set(name, Buffer.from(bytes));
    return copy;
  }

  async list(): Promise<readonly string[]> {
    await this.#act('list', '');
    return [...this.files.keys()].toReversed();
  }

  async read(name: string, bytesMax: number): Promise<Buffer> {
    await this.#act('read', name);
    const bytes = this.#file(name);
    if (bytes.length > bytesMax) throw new Error('too long');
    return Buffer.from(bytes);
  }

  async create(name: string): Promise<SpoolFile> {
    await this.#act('create', name);
    if (this.files.has(name)) throw systemError('EEXIST');
    this.files.set(name, Buffer.alloc(0));
    return this.#handle(name);
  }

  async open(name: string): Promise<SpoolFile> {
    await this.#act('open', name);
    this.#file(name);
    return this.#handle(name);
  }

  async rename(name: string, newName: string): Promise<void> {
    await this.#act('rename', name);
    this.files.set(newName, this.#file(name));
    this.files.delete(name);
  }

  async remove(name: string): Promise<void> {
    await this.#act('remove', name);
    this.bytesFree += this.#file(name).length;
    this.files.delete(name);
  }

  sync(): Promise<void> {
    return this.#act('sync', '');
  }

  #handle(name: string): SpoolFile {
    return {
      append: async (text) => {
        const bytes = Buffer.from(text);
        await this.#act('append', name);
        const written = Math.min(bytes.length, this.bytesFree);
        this.bytesFree -= written;
        this.files.set(name, Buffer.concat([this.#file(name), bytes.subarray(0, written)]));
        if (written < bytes.length) throw systemError('ENOSPC');
      },
      truncate: async (bytes) => {
        await this.#act('truncate', name);
        const before = this.#file(name);
        this.bytesFree += before.length - bytes;
        this.files.set(name, before.subarray(0, bytes));
      },
      sync: () => this.#act('sync', name),
      close: async () => undefined,
    };
  }

  async #act(act: Act, name: string): Promise<void> {
    this.acts.set(act, (this.acts.get(act) ?? 0) + 1);
    await this.fault(act, name);
  }

  #file(name: string): Buffer {
    const bytes = this.files.get(name);
    if (bytes === undefined) throw systemError('ENOENT');
    return bytes;
  }
}
