import { crc32 } from 'node:zlib';

/** A record of a segment: where it lies, and the readings in it, each as its epoch and number. */
export interface RecordOnDisk {
  readonly from: number;
  readonly to: number;
  readonly labels: readonly string[];
}

/** What can be read of a segment, after the page on the spool and apart from the spool under test. */
export interface SegmentOnDisk {
  /** Neither copy of the header can be read, or it is that of another file, which the disk had there before. */
  readonly headless: boolean;
  readonly records: readonly RecordOnDisk[];
}

export function parseSegment(name: string, bytes: Buffer): SegmentOnDisk {
  const header = nextRecord(bytes, 0, 0);
  const { salt, segment } = JSON.parse(header?.text ?? '{}') as { salt?: unknown; segment?: unknown };
  if (header === undefined || typeof salt !== 'string' || segment !== Number.parseInt(name, 10))
    return { headless: true, records: [] };
  const seed = Number.parseInt(salt, 16);
  const records: RecordOnDisk[] = [];
  let at = header.from === 0 ? 2 * header.to : header.to;
  for (let found = nextRecord(bytes, at, seed); found !== undefined; found = nextRecord(bytes, at, seed)) {
    at = found.to;
    records.push({ from: found.from, to: found.to, labels: labelsIn(found.text) });
  }
  return { headless: false, records };
}

/** The labels of all readings in a segment. */
export function labelsOnDisk(name: string, bytes: Buffer): readonly string[] {
  return parseSegment(name, bytes).records.flatMap(({ labels }) => labels);
}

interface RecordFound {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The first record at `at`, or behind a line feed after that. */
function nextRecord(bytes: Buffer, at: number, seed: number): RecordFound | undefined {
  for (let from = at; from < bytes.length;) {
    const found = recordAt(bytes, from, seed);
    if (found !== undefined) return found;
    const feed = bytes.indexOf('\n', from);
    if (feed < 0) return undefined;
    from = feed + 1;
  }
  return undefined;
}

function recordAt(bytes: Buffer, from: number, seed: number): RecordFound | undefined {
  const head = /^(.{8}) ((\d{1,5}) )/s.exec(bytes.toString('latin1', from, from + 15));
  if (head === null) return undefined;
  const [whole, checksum = '', , length] = head;
  const textFrom = from + whole.length;
  const textTo = textFrom + Number(length);
  if (textTo >= bytes.length) return undefined;
  if (crc32(bytes.subarray(from + 9, textTo), seed) !== Number.parseInt(checksum, 16)) return undefined;
  return { from, to: textTo + 1, text: bytes.toString('utf8', textFrom, textTo) };
}

function labelsIn(text: string): readonly string[] {
  if (!text.startsWith('{"epoch"')) return [];
  const { epoch, seq, readings } = JSON.parse(text) as { epoch: string; seq: number; readings: readonly unknown[] };
  return readings.map((_, index) => `${epoch} ${seq + index}`);
}
