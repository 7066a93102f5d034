import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JoinTokenRecord, MachineRecord } from '../../../src/core/machine.ts';
import { checkStore } from '../../../src/store/sqlite/check.ts';
import { pageBytes } from '../../../src/store/sqlite/database.ts';
import type { PackedRecord } from '../../../src/store/sqlite/keyed-record.ts';
import { salvageStore } from '../../../src/store/sqlite/salvage.ts';
import { Writer } from '../../../src/store/sqlite/writer.ts';
import { codeOf } from '../code-of.ts';
import { opened, temporaryFolder } from '../opened.ts';
import { keepingMachines, keepingTokens, keyOf, machineRecord, tokenRecord, unitRecord } from '../samples.ts';
import { change, overwrite } from './damage.ts';

const unbound = expect.stringContaining('the names of machines that are lost are bound to no key now');

/** A closed store with a unit, these machines and these tokens. */
async function written(machines: readonly MachineRecord[], tokens: readonly JoinTokenRecord[] = []): Promise<string> {
  const { store, folder } = await opened();
  const batch = { units: [unitRecord('u')], readings: [] };
  await store.append({ ...batch, machines: keepingMachines(...machines), tokens: keepingTokens(...tokens) });
  await store.close();
  return folder;
}

/** A closed store with rows that no server has made; their checksums are right. */
function writtenAsIs(machines: readonly PackedRecord[], tokens: readonly PackedRecord[] = []): string {
  const folder = join(temporaryFolder(), 'store');
  const writer = new Writer({ folder, retentionMs: {}, budgetBytes: undefined });
  writer.append({ storedMs: 0, blocks: [], units: [], gaps: [], machines, tokens });
  writer.close();
  return folder;
}

async function salvaged(folder: string): Promise<{
  readonly told: Awaited<ReturnType<typeof salvageStore>>;
  readonly machines: readonly MachineRecord[];
  readonly tokens: readonly JoinTokenRecord[];
}> {
  const into = join(temporaryFolder(), 'new');
  const told = await salvageStore(folder, into);
  expect((await checkStore(into)).problems).toEqual([]);
  const { store } = await opened({ folder: into });
  return { told, machines: await store.machines(), tokens: await store.tokens() };
}

test('a salvaged store serves each bound name to its key still, and takes the same tokens', async () => {
  const machines = [
    machineRecord('a', { clientId: 'u', name: 'name of u', tokenId: 'T' }),
    machineRecord('b', { state: 'revoked' }),
    machineRecord('c', { state: 'pending' }),
    machineRecord('d', { state: 'forgotten' }),
  ];
  const tokens = [tokenRecord('T', { uses: 3 }), tokenRecord('U', { revoked: true })];
  const folder = await written(machines, tokens);
  expect(await checkStore(folder)).toEqual({ units: 1, machines: 4, tokens: 2, readings: 0, problems: [] });
  const after = await salvaged(folder);
  expect(after).toMatchObject({ machines, tokens });
  expect(after.told).toMatchObject({ machines: 4, tokens: 2, lostMachines: 0, lostTokens: 0, problems: [] });
});

test('a damaged machine keeps the server from starting, is found by a check, and is counted and said by a salvage', async () => {
  const folder = await written([machineRecord('a'), machineRecord('b')], [tokenRecord('T')]);
  change(folder, `UPDATE machines SET record = replace(record, 'name of a', 'name of b') WHERE number = 1`);
  const problem = `machine ${keyOf('a')}: its record is damaged`;
  expect(await checkStore(folder)).toMatchObject({ machines: 1, tokens: 1, problems: [problem] });
  const { store } = await opened({ folder });
  await expect(store.machines()).rejects.toThrow(`the record of machine ${keyOf('a')}`);
  expect(await codeOf(store.machines())).toBe('store-corrupt');
  expect(await store.tokens()).toEqual([tokenRecord('T')]);
  await store.close();
  const { told, machines, tokens } = await salvaged(folder);
  expect({ machines, tokens }).toEqual({ machines: [machineRecord('b')], tokens: [tokenRecord('T')] });
  expect(told).toMatchObject({ machines: 1, lostMachines: 1, lostTokens: 0, problems: [problem, unbound] });
});

test('a damaged join token is treated alike, and costs no name', async () => {
  const folder = await written([machineRecord('a')], [tokenRecord('T', { revoked: true }), tokenRecord('U')]);
  change(folder, `UPDATE tokens SET record = replace(record, 'true', 'false') WHERE id = 'T'`);
  const problems = ['join token T: its record is damaged'];
  expect(await checkStore(folder)).toMatchObject({ machines: 1, tokens: 1, problems });
  const { store } = await opened({ folder });
  expect(await codeOf(store.tokens())).toBe('store-corrupt');
  await store.close();
  const { told, machines, tokens } = await salvaged(folder);
  expect({ machines, tokens }).toEqual({ machines: [machineRecord('a')], tokens: [tokenRecord('U')] });
  expect(told).toMatchObject({ lostMachines: 0, tokens: 1, lostTokens: 1, problems });
});

test('a record under another key than its own is not believed', async () => {
  const folder = await written([machineRecord('a'), machineRecord('b')], [tokenRecord('T')]);
  change(folder, `UPDATE machines SET public_key = '${keyOf('z')}' WHERE number = 1; UPDATE tokens SET id = 'X'`);
  const problems = [`machine ${keyOf('z')}: its record is damaged`, 'join token X: its record is damaged'];
  expect((await checkStore(folder)).problems).toEqual(problems);
  const { store } = await opened({ folder });
  expect([await codeOf(store.machines()), await codeOf(store.tokens())]).toEqual(['store-corrupt', 'store-corrupt']);
});

test('to keep a record under another key is a fault of the program', async () => {
  const { store } = await opened();
  const batch = { units: [], readings: [] };
  const machines = [{ publicKey: keyOf('b'), machine: machineRecord('a') }];
  await expect(store.append({ ...batch, machines })).rejects.toThrow('invariant broken');
  await expect(store.append({ ...batch, tokens: [{ id: 'U', token: tokenRecord('T') }] })).rejects.toThrow(
    'invariant broken',
  );
  expect([await store.machines(), await store.tokens()]).toEqual([[], []]);
});

const machine = machineRecord('a', { tokenId: 'T' });
const token = tokenRecord('T');

test.each<readonly [string, string]>([
  ['{', '{'],
  ['null', 'null'],
  ['[]', '[]'],
  ...Object.keys(machine).map((member) => {
    const record = JSON.stringify({ ...machine, [member]: member.endsWith('Ms') ? '1' : 1 });
    return [`another kind of ${member}`, record] as const;
  }),
  ...Object.keys(machineRecord('a')).map(
    (member) => [`no ${member}`, JSON.stringify({ ...machine, [member]: undefined })] as const,
  ),
  ['a state that is none', JSON.stringify({ ...machine, state: 'admitted' })],
])('a row of machines with %s is no machine', async (_, record) => {
  const folder = writtenAsIs([[keyOf('a'), record]]);
  const { store } = await opened({ folder });
  expect(await codeOf(store.machines())).toBe('store-corrupt');
  expect((await checkStore(folder)).problems).toEqual([`machine ${keyOf('a')}: its record is damaged`]);
});

test.each<readonly [string, string]>([
  ['{', '{'],
  ['null', 'null'],
  ...Object.entries(token).flatMap(([member, value]) => [
    [`another kind of ${member}`, JSON.stringify({ ...token, [member]: typeof value === 'number' ? '1' : 1 })] as const,
    [`no ${member}`, JSON.stringify({ ...token, [member]: undefined })] as const,
  ]),
])('a row of join tokens with %s is no token', async (_, record) => {
  const folder = writtenAsIs([], [['T', record]]);
  const { store } = await opened({ folder });
  expect(await codeOf(store.tokens())).toBe('store-corrupt');
  expect((await checkStore(folder)).problems).toEqual(['join token T: its record is damaged']);
});

test('a whole record that stands under the wrong key in its row is damage to a check', async () => {
  const folder = writtenAsIs([[keyOf('b'), JSON.stringify(machine)]], [['U', JSON.stringify(token)]]);
  expect((await checkStore(folder)).problems).toEqual([
    `machine ${keyOf('b')}: its record is damaged`,
    'join token U: its record is damaged',
  ]);
});

test('members that this version does not know are kept', async () => {
  const later = { ...machine, note: 'on the roof' };
  const folder = writtenAsIs([[keyOf('a'), JSON.stringify(later)]], [['T', JSON.stringify({ ...token, by: 'x' })]]);
  const { machines, tokens } = await salvaged(folder);
  expect({ machines, tokens }).toEqual({ machines: [later], tokens: [{ ...token, by: 'x' }] });
});

test('a damaged page costs the machines on it, each by its key, and none between two such pages', async () => {
  const all = Array.from({ length: 200 }, (_, index) => machineRecord(`m${index}.`));
  const folder = await written(all);
  const onPages = [50, 150].flatMap((index) => {
    const { place, text } = pageOf(folder, `"publicKey":"m${index}.`);
    // No kind of page of a B-tree.
    overwrite(folder, place, Uint8Array.of(0xff));
    return [...text.matchAll(/"publicKey":"(m\d+\.)/g)].map(([, key = '']) => keyOf(key));
  });
  expect(onPages.length).toBeGreaterThan(3);
  const whole = all.filter(({ publicKey }) => !onPages.includes(publicKey));
  const { machines: count, problems } = await checkStore(folder);
  expect(count).toBe(whole.length);
  for (const key of onPages) expect(problems).toContain(`machine ${key}: database disk image is malformed`);
  const { told, machines } = await salvaged(folder);
  expect(machines.toSorted(byNumber)).toEqual(whole);
  expect(told).toMatchObject({ machines: whole.length, lostMachines: onPages.length });
  expect(told.problems).toHaveLength(onPages.length + 2);
});

test('a table that is gone is said once', async () => {
  const folder = await written([machineRecord('a')], [tokenRecord('T')]);
  change(folder, 'DROP TABLE machines');
  expect(await codeOf(opened({ folder }))).toBe('store-corrupt');
  const problems = ['machines: no such table: machines'];
  expect(await checkStore(folder)).toMatchObject({ units: 1, machines: 0, tokens: 1, problems });
  expect((await salvaged(folder)).tokens).toEqual([tokenRecord('T')]);
});

/** The page with the rows of a table on which this text stands. */
function pageOf(folder: string, needle: string): { readonly place: number; readonly text: string } {
  const bytes = readFileSync(join(folder, 'telemetry.db'));
  const place = Math.floor(bytes.indexOf(needle) / pageBytes) * pageBytes;
  // https://sqlite.org/fileformat2.html#b_tree_pages: a leaf of a table.
  expect(bytes[place]).toBe(0x0d);
  return { place, text: bytes.toString('latin1', place, place + pageBytes) };
}

function byNumber(one: MachineRecord, other: MachineRecord): number {
  return Number(one.publicKey.slice(1).split('.')[0]) - Number(other.publicKey.slice(1).split('.')[0]);
}
