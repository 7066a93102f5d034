/**
 * Kills servers and clients at random moments and looks whether anything acknowledged is lost or stored twice (docs/proof.md).
 *
 *     npm run test:crash -- [--rounds N] [--seed S]
 */
import { parseArgs } from 'node:util';
import { runCrashWorld } from './crash-world.ts';

/** Rounds on one store. A world of its own for so many keeps the store small enough to be read after each kill. */
const roundsOfWorld = 20;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' }, seed: { type: 'string' } } });
const rounds = Number(values.rounds);
const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(firstSeed) || firstSeed < 0) {
  console.error('--rounds is a whole number from 1, --seed one from 0');
  process.exit(2);
}

const startedMs = performance.now();
const sum = { serverKills: 0, clientKills: 0, acknowledged: 0, spooled: 0, stored: 0, problems: 0 };
for (let done = 0, seed = firstSeed; done < rounds; done += roundsOfWorld, seed += 1) {
  const outcome = await runCrashWorld(Math.min(roundsOfWorld, rounds - done), seed);
  sum.serverKills += outcome.serverKills;
  sum.clientKills += outcome.clientKills;
  sum.acknowledged += outcome.acknowledged;
  sum.spooled += outcome.spooled;
  sum.stored += outcome.stored;
  sum.problems += outcome.problems.length;
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
  console.log(`${seconds} s, seed ${seed}: ${JSON.stringify({ ...outcome, problems: outcome.problems.length })}`);
  for (const problem of outcome.problems) console.log(`  ${problem}`);
}
console.log(`${rounds} rounds from seed ${firstSeed}: ${JSON.stringify(sum)}`);
if (sum.problems > 0) process.exitCode = 1;
