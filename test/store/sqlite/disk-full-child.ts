import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { systemClock } from '../../../src/transport/system-clock.ts';
import { openSqliteStore, type SqliteStore } from '../../../src/store/sqlite/open-sqlite-store.ts';
import { codeOf } from '../code-of.ts';
import { foundSeqs, readings } from '../samples.ts';

/** Fills the small file system that it is given, mends it, and tells in JSON what the store did. */
const [, , mount = ''] = argv;
const folder = join(mount, 'store');
const ballast = join(mount, 'ballast');
const size = 400;

writeFileSync(ballast, Buffer.alloc(2_600 * 1024));
const store = await open();
let next = 1;
const failures: unknown[] = [];
while (failures.length < 5) {
  const code = await codeOf(store.append({ units: [], readings: readings(next, next + size - 1) }));
  if (code === 'no error') next += size;
  else failures.push(code);
}
const whenFull = { acknowledged: next - 1, stored: await seqsOf(store) };

rmSync(ballast);
const mended = await codeOf(store.append({ units: [], readings: readings(1, next + size - 1) }));
const whenMended = await seqsOf(store);
await store.close();

execFileSync('mount', ['-o', 'remount,ro', mount]);
const readOnly = await codeOf(open());
execFileSync('mount', ['-o', 'remount,rw', mount]);
const again = await open();
const whenAgain = await seqsOf(again);
await again.close();
console.log(JSON.stringify({ failures, whenFull, mended, whenMended, size, readOnly, whenAgain }));

function open(): Promise<SqliteStore> {
  return openSqliteStore({ folder, clock: systemClock, log: () => undefined, dropped: () => undefined });
}

/** How many are stored, if they are 1, 2, 3 and so on. */
async function seqsOf(opened: SqliteStore): Promise<number> {
  const seqs = await foundSeqs(opened);
  return seqs.every((seq, index) => seq === index + 1) ? seqs.length : Number.NaN;
}
