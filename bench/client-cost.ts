import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startAnsweringServer, type AnsweringServer } from './answering-server.ts';
import { Child } from './child.ts';
import type { Figure } from './figure.ts';
import type { MeasureOptions } from './measure.ts';
import { childrenOf, costOf, memoryOf } from './process-cost.ts';

const idleProgram = 'setInterval(()=>{},1e3)';
const fixture = fileURLToPath(new URL('../test/fixtures/intel-desktop', import.meta.url));
/** Before it, the client is still being compiled. */
const warmRounds = 50;
const sampleMs = 50;

interface Case {
  readonly name: string;
  readonly words: string;
  readonly intervalSeconds: number;
  readonly warmRounds: number;
  readonly rounds: number;
  readonly args: readonly string[];
}

interface Cost {
  readonly cpuMsPerRound: number;
  readonly rssMiB: number;
  readonly ownMiB: number;
  readonly children: number;
}

/** What a running client costs: CPU a round, memory above an idle Node.js of the same age, child processes. */
export async function measureClient({ packed, folder, quick, say }: MeasureOptions): Promise<readonly Figure[]> {
  const runs = quick ? 1 : 3;
  const rounds = quick ? 150 : 300;
  const cases: readonly Case[] = [
    { name: 'machine', words: 'this machine, every 0.1 s', intervalSeconds: 0.1, warmRounds, rounds, args: [] },
    {
      name: 'fixture',
      words: 'a desktop, every 0.1 s',
      intervalSeconds: 0.1,
      warmRounds,
      rounds,
      args: ['--root', fixture],
    },
    {
      name: 'slow',
      words: 'this machine, every 1 s',
      intervalSeconds: 1,
      warmRounds: 5,
      rounds: rounds / 10,
      args: [],
    },
  ];
  const costs = new Map<Case, Cost[]>(cases.map((each) => [each, []]));
  for (let run = 0; run < runs; run += 1) {
    say(`client: rounds, run ${run + 1} of ${runs}`);
    // They idle nearly all of the time, so they may run side by side with the bare one.
    await using idle = new Child(['-e', idleProgram]);
    const measured = await Promise.all(cases.map((each) => costOfRounds(each, { packed, folder, idlePid: idle.pid })));
    for (const [index, each] of cases.entries()) {
      const cost = measured[index];
      if (cost !== undefined) costs.get(each)?.push(cost);
    }
  }
  return [...costs].flatMap(([{ words }, list]) => [
    { name: `client, ${words}: CPU a round`, unit: 'ms', runs: list.map((cost) => cost.cpuMsPerRound), limit: 1 },
    {
      name: `client, ${words}: RSS above bare`,
      unit: 'MiB',
      runs: list.map((cost) => cost.rssMiB),
      limit: 35,
      aim: 12,
    },
    { name: `client, ${words}: private memory above bare`, unit: 'MiB', runs: list.map((cost) => cost.ownMiB) },
    { name: `client, ${words}: child processes`, unit: '', runs: list.map((cost) => cost.children), limit: 0 },
  ]);
}

async function costOfRounds(
  { name, intervalSeconds, warmRounds, rounds, args }: Case,
  { packed, folder, idlePid }: { readonly packed: string; readonly folder: string; readonly idlePid: number },
): Promise<Cost> {
  await using server = await startAnsweringServer(intervalSeconds);
  await using client = new Child([
    join(packed, 'dist/bin/telemetry-client.js'),
    '--server',
    `127.0.0.1:${server.port}`,
    '--name',
    name,
    '--state-dir',
    join(folder, `client-${name}`),
    ...args,
  ]);
  let children = await reach(warmRounds, { server, name, pid: client.pid });
  const before = { cost: costOf(client.pid), rounds: server.rounds(name) };
  children += await reach(before.rounds + rounds, { server, name, pid: client.pid });
  const after = { cost: costOf(client.pid), rounds: server.rounds(name) };
  const memory = memoryOf(client.pid);
  const bare = memoryOf(idlePid);
  return {
    cpuMsPerRound: (after.cost.cpuMs - before.cost.cpuMs) / (after.rounds - before.rounds),
    rssMiB: (memory.rss - bare.rss) / 1024,
    ownMiB: (memory.own - bare.own) / 1024,
    children: children + Math.min(1, after.cost.childFaults),
  };
}

/** Waits until the client has done so many rounds; answers how many child processes it was seen with. */
async function reach(
  rounds: number,
  { server, name, pid }: { readonly server: AnsweringServer; readonly name: string; readonly pid: number },
): Promise<number> {
  const untilMs = performance.now() + 120_000;
  let children = 0;
  while (server.rounds(name) < rounds) {
    if (performance.now() > untilMs)
      throw new Error(`client ${name}: ${server.rounds(name)} of ${rounds} rounds in 120 s`);
    children = Math.max(children, childrenOf(pid));
    await sleep(sampleMs);
  }
  return children;
}
