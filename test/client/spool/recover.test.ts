import { expect, test } from 'vitest';
import { CodedError } from '../../../src/core/coded-error.ts';
import { encodeRecord } from '../../../src/client/spool/record.ts';
import { recoverSpool } from '../../../src/client/spool/recover.ts';
import { FolderInMemory, systemError } from './folder-in-memory.ts';
import { labels, opened, readings, takeAll } from './opened.ts';

async function written(): Promise<FolderInMemory> {
  const { spool, folder } = await opened();
  await spool.add(readings('a', 1, 2, 1_000));
  return folder;
}

async function refusal(folder: FolderInMemory, owner?: string): Promise<CodedError> {
  const before = new Map(folder.files);
  const error = await recoverSpool(folder, 'state/spool', owner).catch((error: unknown) => error);
  expect(folder.files).toEqual(before);
  if (error instanceof CodedError) return error;
  throw new Error('it was opened');
}

test("a client takes a spool's owner for its own where it has none", async () => {
  expect((await recoverSpool(await written(), 'spool', undefined)).owner).toBe('0a0b0c0d');
  expect((await recoverSpool(new FolderInMemory(), 'spool', undefined)).owner).toBeUndefined();
});

test("another client's spool is refused, with what to do, and left as it is", async () => {
  const { code, exitCode, message } = await refusal(await written(), 'ffffffff');
  expect([code, exitCode]).toEqual(['spool-of-another', 1]);
  expect(message).toContain('state/spool/00000001.spool holds readings of another client; move state/spool');
});

test('segments of two clients in one folder are refused', async () => {
  const folder = await written();
  const { spool } = await opened(folder, { owner: '0a0b0c0d' });
  await spool.close();
  const bytes = folder.files.get('00000001.spool') ?? Buffer.alloc(0);
  const header = encodeRecord(JSON.stringify({ spool: 1, owner: '11111111', salt: '22222222' }), 0);
  folder.files.set('00000002.spool', Buffer.concat([Buffer.from(header + header), bytes]));
  expect((await refusal(folder)).code).toBe('spool-of-another');
});

test('a spool of a newer version is refused, with what to do, and left as it is', async () => {
  const folder = await written();
  const header = encodeRecord(JSON.stringify({ spool: 3, anything: 'else' }), 0);
  folder.files.set('00000002.spool', Buffer.from(`${header}${header}more of it`));
  const { code, exitCode, message } = await refusal(folder, '0a0b0c0d');
  expect([code, exitCode]).toEqual(['spool-newer', 1]);
  expect(message).toContain('state/spool/00000002.spool is of form 3');
});

test.each(['list', 'read'])('a spool that cannot be read (%s) is refused, with what to do', async (act) => {
  const folder = await written();
  folder.fault = (at) => {
    if (at === act) throw systemError('EACCES');
  };
  const { code, exitCode, message } = await refusal(folder);
  expect([code, exitCode]).toEqual(['folder-unwritable', 1]);
  expect(message).toContain('(EACCES); give this user the right to');
});

test('a segment whose header is damaged is set aside and said, and others are read', async () => {
  const folder = await written();
  folder.files.set('00000002.spool', Buffer.alloc(5_000));
  const { spool, logged } = await opened(folder);
  expect(logged).toEqual([
    {
      level: 'warn',
      event: 'spool-damaged',
      fields: {
        file: '00000002.spool',
        bytes: 5_000,
        count: 0,
        reason: 'its header is damaged; it is kept as 00000002.spool.damaged',
      },
    },
  ]);
  expect([...folder.files.keys()].toSorted()).toEqual(['00000001.spool', '00000002.spool.damaged']);
  expect(labels(await takeAll(spool))).toEqual(['a1', 'a2']);
});

test('what the disk had of a deleted segment is none, however whole it is', async () => {
  const folder = await written();
  const deleted = folder.files.get('00000001.spool') ?? Buffer.alloc(0);
  const { spool } = await opened(folder);
  await spool.add(readings('a', 3, 4, 2_000));
  // With its first numbers it would stand for a write that was done again, and what is held since then would not count.
  folder.files.set('00000009.spool', deleted);
  const second = await opened(folder);
  expect(second.logged.map(({ fields }) => fields['reason'])).toEqual([
    'it is what the disk had of segment 1; it is kept as 00000009.spool.damaged',
  ]);
  expect(labels(await takeAll(second.spool))).toEqual(['a1', 'a2', 'a3', 'a4']);
});

test('segments of the first form, which say no number, are read', async () => {
  const { folder } = await opened();
  const header = encodeRecord(JSON.stringify({ spool: 1, owner: '0a0b0c0d', salt: '00000007' }), 0);
  const round = JSON.stringify({ epoch: 'a', seq: 1, time: 1_000, readings: [['ram', { used: 1 }]] });
  folder.files.set('00000004.spool', Buffer.from(header + header + encodeRecord(round, 7)));
  const { spool, logged } = await opened(folder);
  expect(logged).toEqual([]);
  expect(labels(await takeAll(spool))).toEqual(['a1']);
});

test('a number is not given again while a file that was set aside has it', async () => {
  const folder = new FolderInMemory();
  folder.files.set('00000007.spool', Buffer.alloc(5_000));
  const { spool } = await opened(folder);
  await spool.add(readings('a', 1, 1));
  expect([...folder.files.keys()].toSorted()).toEqual(['00000007.spool.damaged', '00000008.spool']);
});

test('of files that were set aside the newest eight are kept, and it is said of the others', async () => {
  const folder = new FolderInMemory();
  for (let number = 1; number <= 8; number += 1) folder.files.set(`0000000${number}.spool.damaged`, Buffer.alloc(9));
  folder.files.set('00000009.spool', Buffer.alloc(5_000));
  const { logged } = await opened(folder);
  expect(folder.files.has('00000001.spool.damaged')).toBe(false);
  expect(folder.files.size).toBe(8);
  expect(logged.map(({ fields }) => fields['file'])).toEqual(['00000009.spool', '00000001.spool.damaged']);
});

test('a segment that was only begun is deleted and said, an empty file only deleted', async () => {
  const folder = new FolderInMemory();
  folder.files.set('00000001.spool', Buffer.alloc(0));
  folder.files.set('00000002.spool', Buffer.from(encodeRecord('{"spool":1,', 0)).subarray(0, 15));
  const { logged } = await opened(folder);
  expect(folder.files.size).toBe(0);
  expect(logged.map(({ fields }) => [fields['file'], fields['reason']])).toEqual([
    ['00000002.spool', 'cut off within its header'],
  ]);
});

test('files of other names are none of its business', async () => {
  const folder = await written();
  folder.files.set('1.spool', Buffer.from('x'));
  folder.files.set('notes.txt', Buffer.from('x'));
  const { spool, logged } = await opened(folder);
  expect([spool.size, logged]).toEqual([2, []]);
  expect(folder.files.size).toBe(3);
});

test('a file that is longer than any segment is set aside unread', async () => {
  const folder = new FolderInMemory();
  folder.files.set('00000001.spool', Buffer.alloc(17 * 2 ** 20));
  const { logged } = await opened(folder);
  expect([...folder.files.keys()]).toEqual(['00000001.spool.damaged']);
  expect(logged.map(({ event }) => event)).toEqual(['spool-damaged']);
});
