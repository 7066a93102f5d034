import { parseMembers } from './entry.ts';
import { encodeRecord, RecordReader } from './record.ts';

/** The form of the segments that this program writes. It reads the one before it too, whose headers say no number. */
const formVersion = 2;

/** What a segment begins with, twice, so that one wrong byte does not cost the segment. */
export interface Header {
  /** Whose readings these are: drawn by a client at its first start. */
  readonly owner: string;
  /**
   * 8 hex digits, drawn for each segment: the checksums of its records begin with it. What a file system shows of a file that was
   * deleted long ago is no record of this one.
   */
  readonly salt: string;
  /** The number in the file's name. A file system may show all of a deleted segment, its header too, where a new one was not yet on disk. */
  readonly number: number;
}

/** `torn`: nothing but (part of) a header is there. `damaged`: there is more, and it is of no use; `reason` says why. */
export type HeaderFound =
  | { readonly type: 'header'; readonly header: Omit<Header, 'number'>; readonly end: number }
  | { readonly type: 'newer'; readonly version: number }
  | { readonly type: 'torn' }
  | { readonly type: 'damaged'; readonly reason: string };

export function encodeHeader({ owner, salt, number }: Header): string {
  const copy = encodeRecord(JSON.stringify({ spool: formVersion, owner, salt, segment: number }), 0);
  return copy + copy;
}

/** The checksum that those of a segment's records begin with. */
export function seedOf({ salt }: Pick<Header, 'salt'>): number {
  return Number.parseInt(salt, 16);
}

/** Of a file whose name says `number`. */
export function readHeader(bytes: Buffer, number: number): HeaderFound {
  const reader = new RecordReader(bytes, { at: 0, seed: 0 });
  let found = reader.next();
  if (found?.type === 'damage') found = reader.next();
  if (found?.type !== 'record') return bytes.length < headerBytesMin ? { type: 'torn' } : damaged;
  const { spool: version, owner, salt, segment } = parseMembers(found.payload) ?? {};
  if (typeof version === 'number' && version > formVersion) return { type: 'newer', version };
  if (typeof owner !== 'string' || typeof salt !== 'string' || !/^[0-9a-f]{8}$/.test(salt)) return damaged;
  if (version !== 1 && segment !== number)
    return { type: 'damaged', reason: `it is what the disk had of segment ${String(segment)}` };
  // The other copy is as long as this one.
  const end = found.at === 0 ? 2 * found.end : found.end;
  return end > bytes.length ? { type: 'torn' } : { type: 'header', header: { owner, salt }, end };
}

const damaged = { type: 'damaged', reason: 'its header is damaged' } as const;

/** No header is shorter: fewer bytes are the beginning of one, left by a client that ended as it began a segment. */
const headerBytesMin = encodeHeader({ owner: '', salt: '00000000', number: 0 }).length;
