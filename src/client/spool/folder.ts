/** The folder of a spool, as the spool needs it. All reject with the system's error. */
export interface SpoolFolder {
  /** The names of what is in it, in no order. */
  list(): Promise<readonly string[]>;
  /** The whole of a file; rejects where it has more than `bytesMax`. */
  read(name: string, bytesMax: number): Promise<Buffer>;
  /** A new file; rejects where there is one of that name. */
  create(name: string): Promise<SpoolFile>;
  /** A file that is there, to write on at its end. */
  open(name: string): Promise<SpoolFile>;
  rename(name: string, newName: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Resolved: which files there are survives a loss of power. */
  sync(): Promise<void>;
}

/** A file that grows. */
export interface SpoolFile {
  /** Writes at the end, all of it; where it rejects, part of it may be there. */
  append(text: string): Promise<void>;
  truncate(bytes: number): Promise<void>;
  /** Resolved: what was written survives a loss of power. */
  sync(): Promise<void>;
  close(): Promise<void>;
}
