import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError } from '../../../src/core/coded-error.ts';
import type { UnitReading } from '../../../src/core/reading.ts';
import { checkStore } from '../../../src/store/sqlite/check.ts';
import { compactStore } from '../../../src/store/sqlite/compact.ts';
import { salvageStore } from '../../../src/store/sqlite/salvage.ts';
import type { SqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { Writer } from '../../../src/store/sqlite/writer.ts';
import { inProcessStore } from '../../store/sqlite/in-process.ts';
import {
  found,
  gapRecord,
  keeping,
  keepingMachines,
  keepingTokens,
  machineRecord,
  readings,
  tokenRecord,
  unitRecord,
} from '../../store/samples.ts';
import { StillClock } from '../../store/still-clock.ts';
import { editsOf, editWords } from '../file-edits.ts';
import { generatedEdits } from '../generated-edits.ts';
import { kindOf, must, textOf, type Target } from '../target.ts';

const files = ['telemetry.db', 'telemetry.db-wal'];
const units = ['u', 'v'];
const everything = { fromMs: 0, toMs: 1e15 };

/** What was written, as texts: nothing else may ever come out. */
interface Written {
  /** Stores as they are left: closed, packed into chunks, and killed with the log beside the database. */
  readonly folders: readonly string[];
  readonly readings: ReadonlySet<string>;
  readonly records: ReadonlySet<string>;
}
let written: Written | undefined;
let root = '';
let cases = 0;

/**
 * A database and its log of which bytes were changed: a server opens it or says with a code why not, a check and a salvage end, and no reading, unit, gap, machine or token is
 * invented. The first number of each line is the file: 0 and 1 of a store that was closed, 2 and 3 of one with chunks, 4 and 5 of one that was killed.
 */
export const store: Target = {
  seeds: [
    'flip 0 0.3 1 4',
    'flip 2 0.6 1 4',
    'cut 5 0.5',
    'zero 4 0.2 1024',
    'set 0 0 100 0',
    'swap 2 0.2 1024 128',
    'flip 5 0.7 1 8\nflip 4 0.1 1 1',
    'cut 0 0.9',
    'grow 5 1 4096 0',
  ],
  words: [...editWords.map((word) => `\n${word} `), ' 0 ', ' 2 ', ' 4 ', ' 5 ', ' 0.5 ', ' 1024 '],
  generated: generatedEdits,
  async open() {
    root = mkdtempSync(join(tmpdir(), 'telemetry-fuzz-'));
    written = await write();
    return [];
  },
  async run(input) {
    must(written !== undefined, 'the stores are written first');
    cases += 1;
    const edits = editsOf(textOf(input));
    const which = Math.floor((edits[0]?.file ?? 0) / 2) % 3;
    const folder = join(root, String(cases), 'store');
    const into = join(root, String(cases), 'salvaged');
    cpSync(written.folders[which] ?? '', folder, { recursive: true });
    try {
      for (const { file, change } of edits) {
        const path = join(folder, files[file % 2] ?? '');
        if (existsSync(path)) writeFileSync(path, change(readFileSync(path)));
      }
      return await outcomeOf(folder, into, written);
    } finally {
      rmSync(join(root, String(cases)), { recursive: true });
    }
  },
  close() {
    rmSync(root, { recursive: true });
  },
};

async function outcomeOf(folder: string, into: string, written: Written): Promise<string> {
  const before = readFileSync(join(folder, 'telemetry.db'));
  const checked = await coded(async () => (await checkStore(folder)).problems);
  const salvaged = await coded(async () => {
    const { readings: count } = await salvageStore(folder, into);
    return { count, served: await served(into, written) };
  });
  must(readFileSync(join(folder, 'telemetry.db')).equals(before), 'a check and a salvage change nothing');
  if (typeof salvaged !== 'string') {
    must(typeof salvaged.served !== 'string', 'what was salvaged is opened');
    must(salvaged.served.length === salvaged.count, 'a salvage counts what it has saved');
    const again = await checkStore(into);
    must(again.problems.length === 0, `what was salvaged is whole: ${again.problems.join()}`);
  }
  const opened = await served(folder, written);
  const problems = typeof checked === 'string' ? checked : kindOf(checked[0] ?? 'whole').slice(0, 40);
  return `${problems} | ${typeof salvaged === 'string' ? salvaged : 'saved'} | ${typeof opened === 'string' ? opened : 'open'}`;
}

/** All readings that a server gives out, each of which was written; a code where it does not open, or finds the damage later. */
async function served(folder: string, written: Written): Promise<readonly UnitReading[] | string> {
  const clock = new StillClock();
  const opened = await coded(async () => {
    const writer = new Writer({ folder, retentionMs: {}, budgetBytes: undefined });
    writer.open();
    return inProcessStore(writer, folder, { clock });
  });
  if (typeof opened === 'string') return opened;
  try {
    const all: UnitReading[] = [];
    for (const clientId of units) {
      const answered = await coded(() => found(opened, { clientId }));
      if (typeof answered === 'string') return answered;
      all.push(...answered);
    }
    for (const one of all)
      must(written.readings.has(JSON.stringify(one)), `no reading is invented: ${JSON.stringify(one)}`);
    must(new Set(all.map((one) => JSON.stringify(one))).size === all.length, 'no reading is there twice');
    for (const record of await records(opened)) must(written.records.has(record), `no record is invented: ${record}`);
    await coded(() => seeSteps(opened));
    await goOn(opened);
    return all;
  } finally {
    await coded(() => opened.close());
  }
}

/** Of the histories, no value lies beyond those that were written. */
async function seeSteps(opened: SqliteStore): Promise<void> {
  for (const clientId of units) {
    let counted = 0;
    for await (const { values } of opened.steps({ clientId, ...everything, stepMs: 60_000 })) {
      const { count, min, max } = values['used'] ?? { count: 0, min: 1_000, max: 1_000 };
      counted += count;
      must(min >= 1_000 && max <= 250_000 && min <= max, `no value is invented: ${min} to ${max}`);
    }
    must(counted <= 250, `no reading is counted twice: ${counted} of 250`);
  }
}

/** Units, gaps, machines and tokens, as texts; those of a kind that is damaged are none. */
async function records(opened: SqliteStore): Promise<readonly string[]> {
  const kinds = [
    () => opened.units(),
    () => opened.gaps('u', everything.fromMs, everything.toMs),
    () => opened.machines(),
    () => opened.tokens(),
  ];
  const texts: string[] = [];
  for (const kind of kinds) {
    const answered = await coded<readonly object[]>(kind);
    if (typeof answered !== 'string') texts.push(...answered.map((record) => JSON.stringify(record)));
  }
  return texts;
}

/** A number that counts as stored was; and a new reading is stored, or refused with a code. */
async function goOn(opened: SqliteStore): Promise<void> {
  for (const clientId of units) {
    const highest = await coded(() => opened.highestSeq(clientId, 'e'));
    if (typeof highest === 'number') must(highest <= 300, `no number is invented: ${highest}`);
  }
  await coded(() => opened.append({ units: [], readings: readings(1_001, 1_001, 'w') }));
  await coded(() => opened.compact());
}

/** What came of it, or the code that it was refused with; anything else that is thrown is a fault. */
async function coded<Result>(task: () => Promise<Result>): Promise<Result | string> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return error.code;
  }
}

async function write(): Promise<Written> {
  const [closed, packed, killed] = ['closed', 'packed', 'killed'].map((name) => join(root, name));
  must(closed !== undefined && packed !== undefined && killed !== undefined, 'there are three');
  const clock = new StillClock();
  const filled = inProcessStore(new Writer({ folder: closed, retentionMs: {}, budgetBytes: undefined }), closed, {
    clock,
  });
  const all: UnitReading[] = [];
  await filled.append({
    units: units.map((clientId) => unitRecord(clientId)),
    readings: [],
    gaps: keeping(gapRecord(1), gapRecord(2), gapRecord(3, { toMs: undefined })),
    machines: keepingMachines(machineRecord('k'), machineRecord('l', { state: 'revoked', tokenId: 'tokentok' })),
    tokens: keepingTokens(tokenRecord('tokentok'), tokenRecord('spentspe', { uses: 3 })),
  });
  for (let from = 1; from <= 201; from += 50) {
    const batch = units.flatMap((clientId) => readings(from, from + 49, clientId));
    all.push(...batch);
    await filled.append({ units: [], readings: batch });
    clock.pass(1_000);
  }
  mkdirSync(killed);
  cpSync(closed, killed, { recursive: true });
  const texts = new Set(await records(filled));
  await filled.close();
  cpSync(closed, packed, { recursive: true });
  await compactStore(packed, clock);
  const back = (await Promise.all(units.map((clientId) => readBack(packed, clientId)))).flat();
  return {
    folders: [closed, packed, killed],
    readings: new Set([...all, ...back].map((one) => JSON.stringify(one))),
    records: texts,
  };
}

/** Readings as a store gives them out, whose members may stand in another order than they were written in. */
async function readBack(folder: string, clientId: string): Promise<readonly UnitReading[]> {
  const opened = inProcessStore(new Writer({ folder, retentionMs: {}, budgetBytes: undefined }), folder);
  try {
    return await found(opened, { clientId });
  } finally {
    await opened.close();
  }
}
