import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFleet } from '../../src/fleet/fleet.ts';
import { Random } from '../sim/random.ts';
import { damageAt, flip, overwrite } from '../store/sqlite/damage.ts';
import { freePort } from '../free-port.ts';
import { ServerProcess } from './server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'telemetry-damage-'));
const whole = join(folder, 'whole');
/** Under CI the same bits of each run, as far as its store has the same size. */
const random = new Random(process.env['CI'] === 'true' ? 20_261_121 : Math.floor(Math.random() * 2 ** 31));
const sqliteHeaderBytes = 100;
let port = 0;
/** What the readings that were stored last begin with, as they lie on the disk. */
let lastBlock = new Uint8Array();

/** A store that a server has filled under load and was killed over, to be damaged in copies. */
beforeAll(async () => {
  port = await freePort();
  await using server = await ServerProcess.start({ dataDir: whole, logDir: folder, port });
  const units = { clients: 50, threads: 1, readingsPerSecond: 2_000, name: 'fleet' };
  const fleet = await startFleet({ host: '127.0.0.1', port, ...units, loss: 0, seed: 0 });
  await fleet.begun;
  while (fleet.counts().acknowledged < 1_000) await wait(100);
  await fleet.finish();
  await server.kill();
  using database = new DatabaseSync(join(whole, 'store', 'telemetry.db'));
  // From the log into the database, where it is to be damaged.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const row = database.prepare('SELECT data FROM blocks ORDER BY block DESC LIMIT 1').get();
  if (!(row?.['data'] instanceof Uint8Array)) throw new Error('the store has no readings');
  lastBlock = row['data'].slice(0, 64);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

function copy(name: string): { readonly dataDir: string; readonly store: string } {
  const dataDir = join(folder, name);
  cpSync(whole, dataDir, { recursive: true });
  return { dataDir, store: join(dataDir, 'store') };
}

/** Of all but SQLite's header, whose counters move when a database is opened for writing. */
function digest(store: string): string {
  const bytes = readFileSync(join(store, 'telemetry.db')).subarray(sqliteHeaderBytes);
  return createHash('sha256').update(bytes).digest('hex');
}

test.each([
  ['its first page', (store: string) => overwrite(store, 0, new Uint8Array(100))],
  ['the readings that were stored last', (store: string) => void damageAt(store, lastBlock, new Uint8Array(4))],
  [
    'the record of a unit',
    (store: string) => void damageAt(store, '"askedName":"fleet-7"', Buffer.from('"askedName":"fleeT-7"')),
  ],
])(
  'a server does not start on a database with wrong bytes in %s, names the two commands, and changes nothing',
  async (name, damage) => {
    const { dataDir, store } = copy(name.replaceAll(' ', '-'));
    damage(store);
    const before = digest(store);
    const { code, errors } = await ServerProcess.runToEnd({ dataDir, logDir: folder, port });
    expect(errors).toContain('`telemetryctl store check');
    expect(errors).toContain('`telemetryctl store salvage');
    expect(errors).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
    expect(digest(store)).toBe(before);
  },
);

test('wherever a bit is flipped, a server starts, or ends naming the two commands', { timeout: 120_000 }, async () => {
  for (let round = 1; round <= 8; round += 1) {
    const { dataDir, store } = copy(`flipped-${round}`);
    const place = random.integer(0, statSync(join(store, 'telemetry.db')).size - 1);
    flip(store, place);
    const before = digest(store);
    const { code, errors } = await ServerProcess.runToEnd({ dataDir, logDir: folder, port });
    if (Number.isNaN(code)) continue;
    expect({ place, code }).toEqual({ place, code: 1 });
    expect(errors, `a bit flipped in byte ${place}`).toMatch(/telemetryctl store check.*telemetryctl store salvage/s);
    expect(digest(store)).toBe(before);
  }
});
