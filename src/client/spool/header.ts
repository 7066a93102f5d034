import { parseMembers } from './entry.ts';
import { encodeRecord, RecordReader } from './record.ts';

/** The form of the segments that this program writes, and the only one that it reads. */
const formVersion = 1;

/** What a segment begins with, twice, so that one wrong byte does not cost the segment. */
export interface Header {
  /** Whose readings these are: drawn by a client at its first start. */
  readonly owner: string;
  /**
   * 8 hex digits, drawn for each segment: the checksums of its records begin with it. What a file system shows of a file that was
   * deleted long ago is no record of this one.
   */
  readonly salt: string;
}

/** `torn`: nothing but (part of) a header is there. `damaged`: there is more, and neither copy can be read. */
export type HeaderFound =
  | { readonly type: 'header'; readonly header: Header; readonly end: number }
  | { readonly type: 'newer'; readonly version: number }
  | { readonly type: 'torn' }
  | { readonly type: 'damaged' };

export function encodeHeader({ owner, salt }: Header): string {
  const copy = encodeRecord(JSON.stringify({ spool: formVersion, owner, salt }), 0);
  return copy + copy;
}

/** The checksum that those of a segment's records begin with. */
export function seedOf({ salt }: Header): number {
  return Number.parseInt(salt, 16);
}

export function readHeader(bytes: Buffer): HeaderFound {
  const reader = new RecordReader(bytes, { at: 0, seed: 0 });
  let found = reader.next();
  if (found?.type === 'damage') found = reader.next();
  if (found?.type !== 'record') return { type: bytes.length < headerBytesMin ? 'torn' : 'damaged' };
  const { spool: version, owner, salt } = parseMembers(found.payload) ?? {};
  if (typeof version === 'number' && version > formVersion) return { type: 'newer', version };
  if (typeof owner !== 'string' || typeof salt !== 'string' || !/^[0-9a-f]{8}$/.test(salt)) return { type: 'damaged' };
  // The other copy is as long as this one.
  const end = found.at === 0 ? 2 * found.end : found.end;
  return end > bytes.length ? { type: 'torn' } : { type: 'header', header: { owner, salt }, end };
}

/** No header is shorter: fewer bytes are the beginning of one, left by a client that ended as it began a segment. */
const headerBytesMin = encodeHeader({ owner: '', salt: '00000000' }).length;
