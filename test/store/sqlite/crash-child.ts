import { argv, stdout } from 'node:process';
import { systemClock } from '../../../src/transport/system-clock.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open-sqlite-store.ts';
import { readings } from '../samples.ts';

/**
 * Stores batches until it is killed, and says `epoch seq` of each once it is stored: first again what a former run may not have stored, from `resume` on in its
 * epoch, then new ones in an epoch of its own.
 */
const [, , folder = '', epoch = '', formerEpoch = '', resume = '1', budget = ''] = argv;
const store = await openSqliteStore({
  folder,
  budgetBytes: budget === '' ? undefined : Number(budget),
  clock: systemClock,
  log: () => undefined,
  dropped: () => undefined,
});
if (formerEpoch !== '') await put(Number(resume), Number(resume) + 1_500, formerEpoch);
for (let from = 1, size = 1; ; from += size, size = (size * 7) % 601) await put(from, from + size - 1, epoch);

async function put(from: number, to: number, inEpoch: string): Promise<void> {
  await store.append({ units: [], readings: readings(from, to, 'u', inEpoch) });
  // What is written is with the system, and outlives this process.
  await new Promise((written) => stdout.write(`${inEpoch} ${to}\n`, written));
}
