/**
 * A server under the load of a fleet on a small file system of its own, which fills up and is mended. Prints in JSON what happened.
 * Arguments: the folder of that file system, a folder elsewhere for the log.
 */
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startFleet, type Fleet } from '../../src/fleet/fleet.ts';
import { checkStore } from '../../src/store/sqlite/check.ts';
import { freePort } from '../free-port.ts';
import { ServerProcess } from './server-process.ts';
import { wrongContent } from './simulated-content.ts';
import { compare, readStored } from './stored.ts';

/** What the ballast leaves to the store at first: more than its log. */
const freeBytes = 6 * 2 ** 20;
/** How long the disk stays full, so that all units come and are sent away again and again. */
const fullMs = 2_000;
const mendedMsMax = 30_000;
/** How many readings show that it goes on. */
const moreReadings = 2_000;

const [mount = '', logDir = ''] = process.argv.slice(2);
const dataDir = join(mount, 'server');
const ballast = join(mount, 'ballast');
const { bavail, bsize } = statfsSync(mount);
writeFileSync(ballast, Buffer.alloc(bavail * bsize - freeBytes));

const port = await freePort();
await using server = await ServerProcess.start({ dataDir, logDir, port });
const said = server.event(({ event }) => event === 'store-unavailable');
const units = { clients: 100, threads: 1, readingsPerSecond: undefined, name: 'fleet', reconnectMsMax: 500 };
const fleet = await startFleet({ host: '127.0.0.1', port, ...units, loss: 0, seed: 0 });

const { reason = '' } = await said;
// What was answered before the disk was full may still be on its way.
await wait(fullMs / 2);
const whenFull = await acknowledgedBy(fleet);
await wait(fullMs / 2);
const stillFull = await acknowledgedBy(fleet);
const refusals = fleet.counts().failures['store-unavailable'] ?? 0;
const survived = server.runs;

rmSync(ballast);
const untilMs = performance.now() + mendedMsMax;
while ((await acknowledgedBy(fleet)) < stillFull + moreReadings && performance.now() < untilMs) await wait(100);
const { counts, ledger } = await fleet.finish();
const exitCode = await server.stop();
const stored = readStored(join(dataDir, 'store'), wrongContent);
const problems = [
  ...counts.faults,
  ...stored.problems,
  ...compare(ledger, stored),
  ...(await checkStore(join(dataDir, 'store'))).problems,
];
const { acknowledged, unanswered } = counts;
console.log(
  JSON.stringify({ reason, whenFull, stillFull, refusals, survived, acknowledged, unanswered, exitCode, problems }),
);
// A thread of the fleet, where one is left, must not hold up the end.
process.exit();

async function acknowledgedBy(running: Fleet): Promise<number> {
  return (await running.ledger()).reduce((sum, line) => sum + line.acknowledged, 0);
}
