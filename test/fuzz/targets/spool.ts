import assert from 'node:assert/strict';
import { CodedError } from '../../../src/core/coded-error.ts';
import type { LabelledReading } from '../../../src/core/reading.ts';
import type { FolderInMemory } from '../../client/spool/folder-in-memory.ts';
import { opened, readings, takeAll } from '../../client/spool/opened.ts';
import { editsOf, editWords } from '../file-edits.ts';
import { generatedEdits } from '../generated-edits.ts';
import { kindOf, must, textOf, type Target } from '../target.ts';

const options = { bytesMax: 16_000, recentMax: 8 };
const lineFeed = 0x0a;

interface Written {
  readonly folder: FolderInMemory;
  readonly names: readonly string[];
  /** All that was ever in it, by label. */
  readonly all: ReadonlyMap<string, LabelledReading>;
  /** What was not answered, by label. */
  readonly held: ReadonlySet<string>;
}
let written: Promise<Written> | undefined;

/** A spool of which bytes were changed: never a throw, no reading invented or doubled, and what is whole and was not answered is there. */
export const spool: Target = {
  seeds: [
    'flip 0 0.3 1 4',
    'cut 2 0.7',
    'flip 0 0 1 1\nflip 0 0.05 1 1',
    'copy 1 0.4 300 128',
    'zero 1 0.5 512',
    'drop 2 0.5 7',
  ],
  words: [...editWords.map((word) => `\n${word} `), ' 0 ', ' 1 ', ' 2 ', ' 0.5 '],
  generated: generatedEdits,
  async run(input) {
    written ??= write();
    const { folder, names, all, held } = await written;
    const damaged = folder.copy();
    for (const { file, change } of editsOf(textOf(input))) {
      const name = names[file % names.length] ?? '';
      damaged.files.set(name, change(damaged.files.get(name) ?? Buffer.alloc(0)));
    }
    const whole = wholeReadings(folder, damaged).filter((label) => held.has(label));
    const first = await taken(damaged, all);
    if (typeof first === 'string') return first;
    for (const label of whole) must(first.labels.has(label), `${label}, which is whole and was not answered, is there`);
    const difference = Math.sign(first.labels.size - held.size);
    return `${first.events.join()} ${difference} ${Math.round(first.labels.size / 12)}`;
  },
};

const labelOf = ({ epoch, seq }: LabelledReading): string => `${epoch}${seq}`;

async function write(): Promise<Written> {
  const { spool: filled, folder } = await opened(undefined, options);
  const all = new Map<string, LabelledReading>();
  const held = new Set<string>();
  const rounds = [
    ...Array.from({ length: 12 }, (_, round) => readings('aaaaaaaa', round * 5 + 1, round * 5 + 5, 1_000 + round)),
    ...Array.from({ length: 12 }, (_, round) => readings('bbbbbbbb', round * 5 + 1, round * 5 + 5, 2_000 + round)),
  ];
  for (const [index, round] of rounds.entries()) {
    const dropped = await filled.add(round);
    assert.deepEqual(dropped, []);
    for (const reading of round) all.set(labelOf(reading), reading);
    for (const reading of round) held.add(labelOf(reading));
    // Some of each round are answered by the time of the next.
    for (const reading of index % 3 === 0 ? round.slice(0, 2) : []) {
      filled.release(reading);
      held.delete(labelOf(reading));
    }
  }
  await filled.close();
  const names = [...folder.files.keys()].toSorted();
  must(names.length >= 3, `the spool that is damaged has some segments, not ${names.length}`);
  return { folder, names, all, held };
}

interface Taken {
  readonly labels: ReadonlySet<string>;
  readonly events: readonly string[];
}

/** What a client finds there; a word where it may refuse. It writes on, and what it wrote is there when it starts again. */
async function taken(folder: FolderInMemory, all: Written['all']): Promise<Taken | string> {
  let found: Awaited<ReturnType<typeof opened>>;
  try {
    found = await opened(folder, options);
  } catch (error) {
    // Bytes that say with a right checksum that they are of another client or version; the spool was not touched.
    if (error instanceof CodedError && (error.code === 'spool-newer' || error.code === 'spool-of-another'))
      return error.code;
    throw error;
  }
  const { size } = found.spool;
  const labels = seen(await takeAll(found.spool), all);
  must(size >= labels.size, 'there is no more than was said');
  await found.spool.add(readings('cccccccc', 1, 3, 3_000));
  const fresh = await takeAll(found.spool);
  assert.deepEqual(fresh.map(labelOf), ['cccccccc1', 'cccccccc2', 'cccccccc3']);
  await found.spool.close();
  const again = await opened(folder, options);
  const later = seen(
    await takeAll(again.spool),
    new Map([...all, ...fresh.map((one) => [labelOf(one), one] as const)]),
  );
  for (const label of labels)
    must(later.has(label) || again.spool.size < later.size + 1, `${label} is there when the client starts again`);
  for (const one of fresh) must(later.has(labelOf(one)), 'what was written behind the damage is there');
  const events = found.logged.map(({ event, fields }) => kindOf(`${event} ${String(fields['reason'])}`));
  return { labels, events: [...new Set(events)].toSorted() };
}

/** Their labels, each once; all of them as they were written. */
function seen(found: readonly LabelledReading[], all: Written['all']): ReadonlySet<string> {
  const labels = new Set(found.map(labelOf));
  must(labels.size === found.length, 'no reading is there twice');
  for (const reading of found) assert.deepEqual(reading, all.get(labelOf(reading)), 'no reading is invented');
  return labels;
}

/**
 * Labels in records that stand in the damaged file as they were, on a line of their own, behind a header that is whole. None where records stand twice, or in another order:
 * that is what a write looks like that was done again, of which the second attempt counts.
 */
function wholeReadings(folder: FolderInMemory, damaged: FolderInMemory): readonly string[] {
  const labels: string[] = [];
  for (const [name, before] of folder.files) {
    const after = damaged.files.get(name) ?? Buffer.alloc(0);
    const lines = linesOf(before);
    const headerBytes = 2 * (lines[0]?.length ?? 0);
    if (!after.subarray(0, headerBytes).equals(before.subarray(0, headerBytes))) continue;
    let last = headerBytes;
    for (const line of lines.slice(2)) {
      const at = after.indexOf(line);
      if (at >= 0 && (at < last || after.lastIndexOf(line) !== at)) return [];
      if (at >= 0) last = at;
      if (at < headerBytes || after[at - 1] !== lineFeed) continue;
      labels.push(...labelsIn(line.toString('utf8')));
    }
  }
  return labels;
}

function linesOf(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0, end = 0; at < bytes.length; at = end) {
    const feed = bytes.indexOf(lineFeed, at);
    end = feed < 0 ? bytes.length : feed + 1;
    lines.push(bytes.subarray(at, end));
  }
  return lines;
}

function* labelsIn(line: string): Generator<string> {
  const payload = JSON.parse(line.slice(line.indexOf('{'))) as { epoch?: string; seq?: number; readings?: unknown[] };
  const { epoch, seq, readings: list } = payload;
  if (epoch === undefined || seq === undefined || list === undefined) return;
  for (const index of list.keys()) yield `${epoch}${seq + index}`;
}
