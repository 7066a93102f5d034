import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { UnitReading } from '../../../../src/core/reading.ts';
import { openForReading } from '../../../../src/store/sqlite/database.ts';
import type { ReaderRequest } from '../../../../src/store/sqlite/messages.ts';
import { Reader } from '../../../../src/store/sqlite/reader.ts';
import { codeOf } from '../../code-of.ts';
import { found } from '../../samples.ts';
import { SqliteError } from '../in-process.ts';
import { expectSame, moving, rowsIn, startMs, stepsOf, taken, takenEach, takenFrom } from '../chunks/moving.ts';

const yearMs = 31_557_600_000;
const all = { clientId: 'u', fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

test('a range of centuries over a few readings is quick, in steps of a second and of a year', async () => {
  const world = moving();
  const far = [-4, -1, 0, 1, 3].map((centuries, index) =>
    taken(index + 1, { time: startMs + centuries * 100 * yearMs }),
  );
  await world.give(far.slice(0, 3));
  await world.give(far.slice(3));
  await world.store.compact();
  const began = performance.now();
  const range = { fromMs: startMs - 500 * yearMs, toMs: startMs + 500 * yearMs };
  await expectSame(world, [{}, range, { ...range, fromMs: startMs }], [1_000, 1_001, 60_000, 31_622_400_000]);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test('steps by the ten thousand come in parts, each once, from chunks and blocks together', async () => {
  const world = moving();
  const wide = takenEach(1, 9_500, (seq) => ({ time: startMs + seq * 61_000 }));
  for (let from = 0; from < 9_500; from += 1_900) await world.give(wide.slice(from, from + 1_900));
  await world.store.compact();
  // Late ones, in blocks, all over it.
  await world.give(takenEach(9_501, 9_900, (seq) => ({ time: startMs + (seq - 9_501) * 1_450_000 })));
  await expectSame(world, [{}, { fromMs: startMs + 90_000_000 }], [1_000, 60_000, 120_000]);
});

test('a query goes on where it was, whatever is moved, joined and dropped between its pages', async () => {
  const world = moving({ segmentReadings: 2_000, smallChunks: 2, windowReadings: 4_000 });
  // Unlabelled ones, of which several have one time, lie at the ends of the parts too.
  const readings = Array.from({ length: 30_000 }, (_, index): UnitReading => {
    const time = startMs + Math.floor(index / 3) * 1_000;
    if (index % 3 === 2) return taken(index + 1, { epoch: 'bbbbbbbb', time });
    return taken(index + 1, { epoch: undefined, seq: undefined, time });
  });
  for (let from = 0; from < 30_000; from += 1_000)
    await world.store.append({ units: [], readings: readings.slice(from, from + 1_000) });
  const times: number[] = [];
  let page = 0;
  for await (const { reading } of world.store.query(all)) {
    times.push(reading.time);
    if (times.length % 5_000 !== 0) continue;
    page += 1;
    if (page === 2) expect(await world.store.compact()).toBe(true);
    // What comes while a query runs is behind it, or it may see it: here it is of another unit.
    if (page === 3) await world.store.append({ units: [], readings: takenFrom(1, 2_500, 'v') });
    if (page === 4) expect(await world.store.compact()).toBe(true);
  }
  expect(rowsIn(world.folder, 'SELECT count(*) AS count FROM blocks')[0]?.['count']).toBeLessThan(5);
  expect(times).toEqual(readings.map(({ reading }) => reading.time));
});

test('thirty thousand readings of one time and without a label are answered in seconds', async () => {
  const world = moving({ segmentReadings: 65_536 });
  const same = Array.from({ length: 30_000 }, () => taken(1, { epoch: undefined, seq: undefined }));
  await world.store.append({ units: [], readings: [taken(1, { epoch: undefined, seq: undefined, time: startMs })] });
  await world.store.append({ units: [], readings: same });
  await world.store.append({ units: [], readings: takenFrom(2, 30) });
  const began = performance.now();
  expect((await found(world.store)).length).toBe(30_030);
  expect(performance.now() - began).toBeLessThan(3_000);
});

test('a query that is left half way leaves nothing open', async () => {
  const requests: ReaderRequest[] = [];
  const world = moving({ segmentReadings: 65_536, beforeRead: (request) => void requests.push(request) });
  await world.store.append({ units: [], readings: takenFrom(1, 5_000) });
  const left = async (): Promise<void> => {
    for await (const _ of world.store.query(all)) return;
  };
  await left();
  const end = new AbortController();
  for await (const _ of world.store.steps({ ...all, stepMs: 1_000 }, end.signal)) end.abort();
  expect(requests.map(({ type }) => type)).toEqual(['page', 'end-query', 'page', 'end-query']);
  expect(requests.map((request) => 'number' in request && request.number)).toEqual([1, 1, 2, 2]);
  // One that came to its end needs no word of it.
  await found(world.store, { toMs: startMs + 20_000 });
  expect(requests.at(-1)?.type).toBe('page');
});

test('a reader that was told that nobody wants the rest knows nothing of a query, and one that was not goes on', async () => {
  const { store, folder } = moving({ segmentReadings: 65_536 });
  await store.append({ units: [], readings: takenFrom(1, 1_000) });
  const reader = new Reader({ folder, windowReadings: 1 });
  const asked = { type: 'readings', query: all } as const;
  for (const number of [1, 2]) expect(reader.page(number, asked)).toMatchObject({ isLast: false, damaged: 0 });
  reader.endQuery(1);
  expect(() => reader.page(1, undefined)).toThrow(expect.objectContaining({ code: 'store-unavailable' }));
});

/** A reader's database of which a statement with this text fails while `isFailing`. */
function failing(text: string, isFailing: () => boolean): (folder: string) => DatabaseSync {
  return (folder) => {
    const database = openForReading(folder);
    const prepare = database.prepare.bind(database);
    return Object.assign(database, {
      prepare: (sql: string): StatementSync => {
        const statement = prepare(sql);
        if (!sql.includes(text)) return statement;
        const get = statement.get.bind(statement);
        const every = statement.all.bind(statement);
        const failed = <Result>(result: () => Result): Result => {
          if (isFailing()) throw new SqliteError(1_034);
          return result();
        };
        return Object.assign(statement, {
          get: (...values: Parameters<typeof get>) => failed(() => get(...values)),
          all: (...values: Parameters<typeof every>) => failed(() => every(...values)),
        });
      },
    });
  };
}

test.each([
  { what: 'its own page', text: 'FROM chunks WHERE chunk = ?', code: 'store-io-failed' },
  { what: 'what another asked for', text: 'FROM gaps', code: 'store-unavailable' },
])(
  'a query whose reader fails in its midst, over $what, rejects and does not end as if it were whole',
  async ({ text, code }) => {
    let isFailing = false;
    const world = moving({ segmentReadings: 4_000 });
    for (let from = 1; from <= 20_001; from += 4_000)
      await world.store.append({ units: [], readings: takenFrom(from, from + 3_999) });
    expect(await world.store.compact()).toBe(true);
    await world.store.close();
    const { folder } = world;
    const reader = new Reader({ folder, windowReadings: 1, open: failing(text, () => isFailing) });
    for (const asked of [
      { type: 'readings', query: all },
      { type: 'steps', query: { ...all, stepMs: 1_000 } },
    ] as const) {
      let count = 0;
      const rest = async (): Promise<void> => {
        for (let isLast = false; !isLast;) {
          const page = reader.page(1, count === 0 ? asked : undefined);
          isLast = page.isLast;
          count += 1;
          if (count !== 3) continue;
          isFailing = true;
          if (text === 'FROM gaps') expect(await codeOf((async () => reader.gaps(all))())).toBe('store-io-failed');
        }
      };
      expect(await codeOf(rest())).toBe(code);
      isFailing = false;
      expect(count).toBeGreaterThanOrEqual(3);
      expect(reader.page(2, { type: 'readings', query: { ...all, toMs: startMs + 20_000 } }).readings).toEqual([
        taken(1),
      ]);
    }
  },
);

test('a store whose reader fails in the midst of a query rejects it, and answers the next', async () => {
  let pages = 0;
  const world = moving({
    segmentReadings: 65_536,
    beforeRead: ({ type }) => {
      pages += type === 'page' ? 1 : 0;
      if (pages === 3) throw new SqliteError(10);
    },
  });
  await world.store.append({ units: [], readings: takenFrom(1, 5_000) });
  const seen: UnitReading[] = [];
  await expect(
    (async () => {
      for await (const one of world.store.query(all)) seen.push(one);
    })(),
  ).rejects.toThrow('planted 10');
  expect(seen).toEqual(takenFrom(1, 512));
  expect((await found(world.store)).length).toBe(5_000);
});

test('readings of one sensor that have other values now and then are one series of steps', async () => {
  const world = moving();
  const names = [['used'], ['used', 'total'], ['total', 'used'], []];
  for (let from = 1; from <= 121; from += 40) {
    await world.give(
      takenEach(from, from + 39, (seq) => ({
        values: Object.fromEntries((names[seq % 4] ?? []).map((name, place) => [name, seq + place])),
      })),
    );
  }
  await world.store.compact();
  await expectSame(world);
  expect((await stepsOf(world.store))[0]?.values).toMatchObject({ used: expect.anything(), total: expect.anything() });
});
