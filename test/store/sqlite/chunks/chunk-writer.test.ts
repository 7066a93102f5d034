import { expect, test } from 'vitest';
import type { AddedChunks } from '../../../../src/store/sqlite/chunks/chunk-writer.ts';
import { chunksOfReadings, type PackedSeries } from '../../../../src/store/sqlite/chunks/packed-chunk.ts';
import { found } from '../../samples.ts';
import { countsIn, moving, startMs, taken, takenFrom } from './moving.ts';

/** The chunks of readings `from` to `to` of unit `u`. */
function series(from: number, to: number): readonly PackedSeries[] {
  const all = takenFrom(from, to).map(({ reading }) => reading);
  const rows = {
    times: Float64Array.from(all, ({ time }) => time),
    seqs: Float64Array.from(all, ({ seq }) => seq ?? Number.NaN),
    labelOf: new Uint16Array(all.length),
    labels: [['u', 'aaaaaaaa', null] as const],
    values: [Float64Array.from(all, ({ values }) => values['celsius'] ?? 0)],
  };
  const key = JSON.stringify(['u', 'cpu_temp', null, ['celsius']]);
  return [{ clientId: 'u', key, chunks: chunksOfReadings(rows) }];
}

function added(begins: boolean, from: number, to: number): AddedChunks {
  return { begins, storedMs: startMs, series: series(from, to) };
}

const window = { firstBlock: 1, lastBlock: 1, readings: 10, chunks: 4, damagedBlocks: [] };

test('chunks are seen when their move ends, and then their blocks are not', async () => {
  const { store, writer, folder } = moving();
  await store.append({ units: [], readings: takenFrom(1, 10) });
  await store.append({ units: [], readings: [taken(11)] });
  expect(writer.addChunks(added(true, 1, 10))).toBe(true);
  expect(await found(store)).toEqual(takenFrom(1, 11));
  expect(writer.endMove(window)).toBe(true);
  expect(countsIn(folder)).toEqual({ chunks: 4, rows: 10, blocks: 2 });
  expect(await found(store)).toEqual(takenFrom(1, 11));
  while (writer.tidy());
  expect(countsIn(folder)).toEqual({ chunks: 4, rows: 10, blocks: 1 });
  expect(await found(store)).toEqual(takenFrom(1, 11));
});

test('a move does not begin while chunks of another that did not end are there, which would be seen with its own', async () => {
  const { store, writer, folder } = moving();
  await store.append({ units: [], readings: takenFrom(1, 10) });
  await store.append({ units: [], readings: [taken(11)] });
  expect(writer.addChunks(added(true, 1, 10))).toBe(true);
  expect(writer.addChunks(added(true, 1, 10))).toBe(false);
  expect(writer.endMove(window)).toBe(false);
  expect(await found(store)).toEqual(takenFrom(1, 11));
  while (writer.tidy());
  expect(countsIn(folder)).toMatchObject({ chunks: 0 });
  expect(writer.addChunks(added(true, 1, 10))).toBe(true);
  expect(writer.endMove(window)).toBe(true);
  expect(await found(store)).toEqual(takenFrom(1, 11));
});

test('a move that was tidied away, that lacks chunks or has more than were made, does not end', async () => {
  const { store, writer, folder } = moving();
  await store.append({ units: [], readings: takenFrom(1, 10) });
  await store.append({ units: [], readings: [taken(11)] });
  expect(writer.addChunks(added(true, 1, 5))).toBe(true);
  while (writer.tidy());
  expect(countsIn(folder)).toMatchObject({ chunks: 0 });
  expect(writer.addChunks(added(false, 6, 10))).toBe(false);
  expect(writer.endMove(window)).toBe(false);
  for (const chunks of [3, 5]) {
    expect(writer.addChunks(added(true, 1, 10))).toBe(true);
    expect(writer.endMove({ ...window, chunks })).toBe(false);
    while (writer.tidy());
  }
  expect(await found(store)).toEqual(takenFrom(1, 11));
  expect(countsIn(folder)).toEqual({ chunks: 0, rows: 0, blocks: 2 });
});

test('chunks of a move that goes on are not old, whenever their readings were stored', async () => {
  const { store, writer, folder } = moving({ retentionMs: { 1: 1, 2: 1, 3: 1 } });
  await store.append({ units: [], readings: takenFrom(1, 10) });
  await store.append({ units: [], readings: [taken(11)] });
  expect(writer.addChunks(added(true, 1, 10))).toBe(true);
  expect(writer.retain(startMs + 1e9)).toEqual({ dropped: undefined, more: false });
  expect(writer.endMove(window)).toBe(true);
  expect(writer.retain(startMs + 1e9).dropped).toMatchObject({ rollUp: '1m', droppedReadings: 2 });
  expect(countsIn(folder)).toMatchObject({ chunks: 3, rows: 10 });
});

test('chunks are not joined while others are unfinished, or where one of them is gone', async () => {
  const { store, writer, folder } = moving();
  await store.append({ units: [], readings: takenFrom(1, 10) });
  await store.append({ units: [], readings: takenFrom(11, 20) });
  expect(writer.addChunks(added(true, 1, 10))).toBe(true);
  expect(writer.endMove(window)).toBe(true);
  const merge = { series: 1, storedMs: startMs, chunks: series(1, 10)[0]?.chunks.slice(0, 1) ?? [] };
  expect(writer.replaceChunks({ ...merge, replaced: [1, 77] })).toBe(false);
  // Unfinished chunks of a move that goes on, and of one that was given up.
  expect(writer.addChunks(added(true, 11, 20))).toBe(true);
  expect(writer.replaceChunks({ ...merge, replaced: [1] })).toBe(false);
  expect(writer.endMove({ ...window, firstBlock: 2, lastBlock: 2, chunks: 77 })).toBe(false);
  expect(writer.replaceChunks({ ...merge, replaced: [1] })).toBe(false);
  expect(await found(store)).toEqual(takenFrom(1, 20));
  while (writer.tidy());
  expect(writer.replaceChunks({ ...merge, replaced: [1] })).toBe(true);
  expect(writer.replaceChunks({ ...merge, replaced: [1] })).toBe(false);
  expect(await found(store)).toEqual(takenFrom(1, 20));
  expect(countsIn(folder)).toEqual({ chunks: 4, rows: 10, blocks: 1 });
});
