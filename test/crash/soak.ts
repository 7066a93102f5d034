/**
 * A thousand simulated clients on a server through a network that cuts and delays, for as long as one likes (docs/proof.md).
 *
 *     npm run soak -- [--minutes N] [--clients N] [--rate R] [--seed S] [--output FILE]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startFleet } from '../../src/fleet/fleet.ts';
import { summaryOf } from '../../src/fleet/summary.ts';
import { Random } from '../sim/random.ts';
import { judge } from './flatness.ts';
import { freePort } from '../free-port.ts';
import { sampleOf, type ProcessSample } from './process-sample.ts';
import { Proxy } from './proxy.ts';
import { ServerProcess } from './server-process.ts';
import { wrongContent } from './simulated-content.ts';
import { compare, readStored } from './stored.ts';

/** Samples of a run, of whatever length, so that its slope is one of many points. */
const samplesWanted = 120;
const finishMs = 60_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    clients: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    output: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const clients = Number(values.clients);
const rate = Number(values.rate);
const seed = Number(values.seed);
if (process.platform !== 'linux' || !(minutes > 0) || !(clients >= 1) || !(rate > 0) || !Number.isInteger(seed)) {
  console.error(
    'npm run soak -- [--minutes N] [--clients N] [--rate R] [--seed S] [--output FILE], on Linux: it reads /proc',
  );
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'telemetry-soak-'));
try {
  const random = new Random(seed);
  const dataDir = join(folder, 'server');
  await using server = await ServerProcess.start({ dataDir, logDir: folder, port: await freePort() });
  const proxy = await Proxy.start({ port: server.port, random, cutShare: 0.005, delayMsMax: 20 });
  const units = { clients, threads: 1, readingsPerSecond: rate, name: 'fleet', reconnectMsMax: 5_000 };
  const fleet = await startFleet({ host: '127.0.0.1', port: proxy.port, ...units, loss: 0.000_1, seed });
  await fleet.begun;

  const startedMs = performance.now();
  const startedCpu = process.cpuUsage();
  const samples: ProcessSample[] = [];
  const everyMs = (minutes * 60_000) / samplesWanted;
  let busiest = 0;
  for (let turn = 1; turn <= samplesWanted && server.runs; turn += 1) {
    await Promise.race([wait(startedMs + turn * everyMs - performance.now()), fleet.died]);
    const seconds = (performance.now() - startedMs) / 1_000;
    const sample = sampleOf(server.pid, seconds);
    samples.push(sample);
    const { acknowledged, registered, unanswered, busy } = fleet.counts();
    busiest = Math.max(busiest, busy);
    if (turn % 10 > 0) continue;
    console.error(
      `${seconds.toFixed(0)} s  ${registered} registered  ${acknowledged} acknowledged  ${unanswered} unanswered  ${proxy.cuts} cut  ` +
        `${sample.rssMiB.toFixed(0)} MiB  ${sample.descriptors} descriptors  ${sample.threads} threads`,
    );
  }

  const elapsedMs = performance.now() - startedMs;
  const { counts, ledger } = await fleet.finish(finishMs);
  const { user, system } = process.cpuUsage(startedCpu);
  await proxy.close();
  const exitCode = await server.stop();
  const stored = readStored(join(dataDir, 'store'), wrongContent);
  const flatness = judge(samples);
  const problems = [...counts.faults, ...stored.problems, ...compare(ledger, stored)];
  if (counts.unanswered > 0) problems.push(`${counts.unanswered} readings stay unanswered`);
  if (exitCode !== 0) problems.push(`the server left with exit code ${exitCode}: ${server.story}`);
  for (const { what, unit, gained, gainedMax, flat } of flatness) {
    if (!flat)
      problems.push(
        `${what} grew by ${gained.toFixed(1)} ${unit} in the second half; ${gainedMax.toFixed(1)} would be flat`,
      );
  }
  const cpuMs = (user + system) / 1_000;
  const fleetSummary = summaryOf(counts, {
    clients,
    readingsPerSecond: rate,
    loss: 0.000_1,
    seed,
    elapsedMs,
    cpuMs,
    busiest,
  });

  console.table(
    Object.fromEntries(
      flatness.map(({ what, unit, first, last, gained, gainedMax }) => [
        unit === '' ? what : `${what}, ${unit}`,
        {
          'least after half time': Number(first.toFixed(1)),
          'least before the end': Number(last.toFixed(1)),
          'gained by slope': Number(gained.toFixed(2)),
          'may gain': Number(gainedMax.toFixed(1)),
        },
      ]),
    ),
  );
  const { acknowledged, resent, broken } = fleetSummary;
  console.log(
    `${acknowledged} readings acknowledged, ${stored.readings} stored, ${resent} sent again; ${proxy.cuts} connections cut by the proxy, ${broken} broken for the fleet`,
  );
  for (const problem of problems) console.log(`WRONG: ${problem}`);
  if (problems.length === 0)
    console.log('nothing acknowledged is missing, none is stored twice, memory, descriptors and threads are flat');
  const results = {
    minutes,
    seed,
    proxyCuts: proxy.cuts,
    stored: stored.readings,
    fleet: fleetSummary,
    flatness,
    problems,
    samples,
  };
  if (values.output !== undefined) writeFileSync(values.output, `${JSON.stringify(results, undefined, 2)}\n`);
  else console.log(JSON.stringify({ ...results, samples: samples.length }));
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();
