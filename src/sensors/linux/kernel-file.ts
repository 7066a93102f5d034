import { close, open, read, readSync } from 'node:fs';

export interface KernelFileOptions {
  /** Bytes that are fetched by the first call; what lies beyond is fetched only with `whole`. */
  readonly bytes: number;
  /** Read on to the end, up to `bytesMax`; `/proc/self/mounts` comes a page at a time. */
  readonly whole?: { readonly bytesMax: number };
  /**
   * The kernel answers from its own memory and asks no device: once open, the file is read on the spot, in some microseconds. Through the
   * thread pool the same read costs ten times as much, nearly all of it for waking threads.
   */
  readonly atHand?: boolean;
}

/** What a read gave: the text, cut at the limit, or the error of the system call. */
export type TextCallback = (error: Error | undefined, text: string) => void;

/**
 * A file of procfs or sysfs, which the kernel writes anew for each read at offset 0. It stays open between rounds: one hop to the
 * thread pool a round in place of the four of `readFile`, and no allocation but the text. An error closes it, so that the next
 * read opens what is under that path by then.
 */
export class KernelFile {
  readonly path: string;
  readonly #whole: { readonly bytesMax: number } | undefined;
  readonly #atHand: boolean;
  #buffer: Buffer;
  #fd: number | undefined;
  /** Whom the read that is under way answers. */
  #callback: TextCallback | undefined;
  #length = 0;
  #closed = false;

  constructor(path: string, { bytes, whole, atHand = false }: KernelFileOptions) {
    this.path = path;
    this.#whole = whole;
    this.#atHand = atHand;
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }

  /** Reads the file from its start. Rejects with the error of the system call, and while a read is under way. */
  text(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.read((error, text) => {
        if (error === undefined) resolve(text);
        else reject(error);
      });
    });
  }

  /** As `text`, without the cost of a promise. */
  read(callback: TextCallback): void {
    if (this.#closed || this.#callback !== undefined) {
      callback(new Error(`${this.path} ${this.#closed ? 'has been let go' : 'is still being read'}`), '');
      return;
    }
    this.#callback = callback;
    this.#length = 0;
    if (this.#fd === undefined) open(this.path, this.#opened);
    else this.#readOn(this.#fd);
  }

  /** Closes the file now, or when the read that is under way returns; it does not wait for that one. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#callback === undefined ? this.#release() : Promise.resolve();
  }

  readonly #opened = (error: Error | null, fd: number): void => {
    if (error !== null) {
      this.#settle(error);
      return;
    }
    this.#fd = fd;
    this.#readOn(fd);
  };

  #readOn(fd: number): void {
    const buffer = this.#buffer;
    if (this.#atHand) this.#readNow(fd);
    else read(fd, buffer, this.#length, buffer.length - this.#length, this.#length, this.#got);
  }

  #readNow(fd: number): void {
    let bytesRead: number;
    try {
      bytesRead = readSync(fd, this.#buffer, this.#length, this.#buffer.length - this.#length, this.#length);
    } catch (error) {
      this.#got(error instanceof Error ? error : new Error(String(error)), 0);
      return;
    }
    this.#got(null, bytesRead);
  }

  readonly #got = (error: Error | null, bytesRead: number): void => {
    if (error !== null) {
      this.#settle(new Error(`${this.path}: ${error.message}`, { cause: error }));
      return;
    }
    this.#length += bytesRead;
    const whole = this.#whole;
    if (whole === undefined || bytesRead === 0 || this.#fd === undefined) {
      this.#settle(undefined);
      return;
    }
    if (this.#length === this.#buffer.length) this.#grow(whole.bytesMax);
    this.#readOn(this.#fd);
  };

  #settle(error: Error | undefined): void {
    const callback = this.#callback;
    const text = error === undefined ? this.#buffer.toString('utf8', 0, this.#length) : '';
    this.#callback = undefined;
    if (error !== undefined || this.#closed) void this.#release();
    callback?.(error, text);
  }

  #grow(bytesMax: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(bytesMax, this.#buffer.length * 2));
    this.#buffer.copy(larger);
    this.#buffer = larger;
  }

  #release(): Promise<void> {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd === undefined) return Promise.resolve();
    // An error of close() on a file that was only read loses nothing, and the descriptor is gone either way.
    return new Promise((resolve) => {
      close(fd, () => {
        resolve();
      });
    });
  }
}
