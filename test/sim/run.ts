import { parseArgs } from 'node:util';
import { report } from './replay.ts';
import { firstSeed, knownSeeds, worlds } from './seeds.ts';
import { sightings } from './sightings.ts';
import { runWorld } from './world.ts';

const usage = `Runs simulated worlds of clients and a server.

  --seed N     the first seed (${firstSeed})
  --worlds N   how many (${worlds})
  --trace      prints every event
  --sightings  counts the worlds that had each kind of trouble
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    worlds: { type: 'string' },
    trace: { type: 'boolean', default: false },
    sightings: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(usage);
else await runAll();

async function runAll(): Promise<void> {
  const first = Number(values.seed ?? firstSeed);
  const count = Number(values.worlds ?? worlds);
  const chosen = Array.from({ length: count }, (_, index) => first + index);
  const known = values.seed === undefined ? knownSeeds.map(({ seed }) => seed) : [];
  const seen = new Map<string, Set<number>>(sightings.map(({ what }) => [what, new Set()]));
  let running = 0;
  const look = (line: string): void => {
    for (const { what, pattern } of sightings) if (pattern.test(line)) seen.get(what)?.add(running);
  };
  const print = values.trace ? (line: string): void => console.log(line) : values.sightings ? look : undefined;
  const startedMs = performance.now();
  let failed = 0;
  let events = 0;
  let slowest = 0;
  for (const seed of [...known, ...chosen]) {
    running = seed;
    const outcome = await runWorld(seed, print);
    events += outcome.events;
    slowest = Math.max(slowest, outcome.settledMs / outcome.settledMsMax);
    if (outcome.failure === undefined) continue;
    failed += 1;
    console.log(report(values.trace ? { ...outcome, lines: [] } : outcome));
  }
  if (values.sightings) for (const [what, where] of seen) console.log(`${String(where.size).padStart(6)} ${what}`);
  const seconds = (performance.now() - startedMs) / 1000;
  const total = known.length + chosen.length;
  console.log(
    `${total} worlds, ${failed} failed; ${events} events in ${seconds.toFixed(1)} s; the slowest took ${(slowest * 100).toFixed(0)} % of its bound`,
  );
  if (failed > 0) process.exitCode = 1;
}
