import type { Random } from '../sim/random.ts';

/** No input is longer: what a longer one would find, a shorter one does. */
export const inputBytesMax = 8_192;

const lineFeed = 0x0a;
/** Numbers at which something begins or ends. */
const edges = [
  '0',
  '-0',
  '-1',
  '1',
  '4',
  '5',
  '48',
  '49',
  '127',
  '128',
  '235',
  '236',
  '240',
  '241',
  '255',
  '256',
  '257',
  '999',
  '1000',
  '65535',
  '65536',
  '86400',
  '86401',
  '0.1',
  '0.0999',
  '1e308',
  '1e309',
  '2147483648',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '8640000000000000',
  '8640000000000001',
  '99999999999999999999',
];
const oddBytes = [0x00, 0x01, 0x0a, 0x0d, 0x20, 0x21, 0x22, 0x25, 0x2d, 0x30, 0x5c, 0x7f, 0x80, 0xc0, 0xef, 0xff];

/** What a mutation may take from: words of the target's language, and other inputs. */
export interface Material {
  readonly words: readonly Uint8Array[];
  readonly other: () => Uint8Array;
}

/** `input` with one to five changes. */
export function mutated(input: Uint8Array, random: Random, material: Material): Uint8Array {
  let bytes = input;
  const count = random.chance(0.5) ? 1 : random.integer(2, 5);
  for (let change = 0; change < count; change += 1) bytes = random.pick(changes)(bytes, random, material);
  return bytes.length > inputBytesMax ? bytes.subarray(0, inputBytesMax) : bytes;
}

type Change = (bytes: Uint8Array, random: Random, material: Material) => Uint8Array;

const changes: readonly Change[] = [
  flipBit,
  setByte,
  insertBytes,
  remove,
  repeat,
  insertWord,
  insertWord,
  replaceWithWord,
  changeNumber,
  changeNumber,
  removeLine,
  repeatLine,
  swapLines,
  insertLineOfOther,
  insertLineOfOther,
  cross,
  cut,
];

function flipBit(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length === 0) return random.bytes(1);
  const at = placeIn(bytes, random);
  return bytes.with(at, (bytes[at] ?? 0) ^ (1 << random.integer(0, 7)));
}

function setByte(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length === 0) return random.bytes(1);
  return bytes.with(placeIn(bytes, random), random.chance(0.5) ? random.pick(oddBytes) : random.integer(0, 255));
}

function insertBytes(bytes: Uint8Array, random: Random): Uint8Array {
  return spliced(bytes, { at: random.integer(0, bytes.length), removed: 0 }, random.bytes(random.integer(1, 4)));
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(0, bytes.length);
  return spliced(bytes, { at, removed: Math.ceil(random.waitMs(8)) });
}

function repeat(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(0, bytes.length);
  const part = bytes.subarray(at, at + Math.ceil(random.waitMs(16)));
  const times = random.chance(0.9) ? 1 : random.integer(2, 64);
  return spliced(bytes, { at, removed: 0 }, ...Array.from({ length: times }, () => part));
}

function insertWord(bytes: Uint8Array, random: Random, { words }: Material): Uint8Array {
  return spliced(bytes, { at: random.integer(0, bytes.length), removed: 0 }, random.pick(words));
}

function replaceWithWord(bytes: Uint8Array, random: Random, { words }: Material): Uint8Array {
  return spliced(bytes, { at: random.integer(0, bytes.length), removed: random.integer(1, 12) }, random.pick(words));
}

function changeNumber(bytes: Uint8Array, random: Random): Uint8Array {
  const numbers = [...Buffer.from(bytes).toString('latin1').matchAll(/\d+/g)];
  if (numbers.length === 0) return setByte(bytes, random);
  const { index, 0: digits } = random.pick(numbers);
  const number = random.chance(0.4) ? String(Number(digits) + random.integer(-2, 2)) : random.pick(edges);
  return spliced(bytes, { at: index, removed: digits.length }, Buffer.from(number));
}

function removeLine(bytes: Uint8Array, random: Random): Uint8Array {
  const lines = linesOf(bytes);
  return joined(lines.toSpliced(random.integer(0, lines.length - 1), 1));
}

function repeatLine(bytes: Uint8Array, random: Random): Uint8Array {
  const lines = linesOf(bytes);
  const line = random.pick(lines);
  const times = random.chance(0.9) ? 1 : random.integer(2, 300);
  const copies = Array.from({ length: times }, () => line);
  return joined(lines.toSpliced(random.integer(0, lines.length), 0, ...copies));
}

function swapLines(bytes: Uint8Array, random: Random): Uint8Array {
  const lines = linesOf(bytes);
  const [one, other] = [random.integer(0, lines.length - 1), random.integer(0, lines.length - 1)];
  return joined(lines.with(one, lines[other] ?? bytes).with(other, lines[one] ?? bytes));
}

function insertLineOfOther(bytes: Uint8Array, random: Random, { other }: Material): Uint8Array {
  const lines = linesOf(bytes);
  return joined(lines.toSpliced(random.integer(0, lines.length), 0, random.pick(linesOf(other()))));
}

function cross(bytes: Uint8Array, random: Random, { other }: Material): Uint8Array {
  const tail = other();
  return Buffer.concat([
    bytes.subarray(0, random.integer(0, bytes.length)),
    tail.subarray(random.integer(0, tail.length)),
  ]);
}

function cut(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, random.integer(0, bytes.length));
}

function placeIn(bytes: Uint8Array, random: Random): number {
  return random.integer(0, bytes.length - 1);
}

function spliced(
  bytes: Uint8Array,
  { at, removed }: { readonly at: number; readonly removed: number },
  ...put: readonly Uint8Array[]
): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), ...put, bytes.subarray(at + removed)]);
}

/** Lines without their LF; at least one, which may be empty. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let at = 0;
  for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, at)) {
    lines.push(bytes.subarray(at, end));
    at = end + 1;
  }
  lines.push(bytes.subarray(at));
  return lines;
}

function joined(lines: readonly Uint8Array[]): Uint8Array {
  const feed = Uint8Array.of(lineFeed);
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [feed, line])));
}
