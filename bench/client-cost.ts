import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startAnsweringServer, type AnsweringServer } from './answering-server.ts';
import { Child } from './child.ts';
import type { Figure } from './figure.ts';
import type { MeasureOptions } from './measure.ts';
import { childrenOf, costOf, memoryOf } from './process-cost.ts';
import type { Programs } from './programs.ts';

const idleProgram = 'setInterval(()=>{},1e3)';
const fixture = fileURLToPath(new URL('../test/fixtures/intel-desktop', import.meta.url));
/** The pace at which a client is warmed up, and of the fast cases. */
const fastSeconds = 0.1;
/** The pace of those that are not being measured. */
const restingSeconds = 3_600;
/** A client that runs for weeks is compiled; these rounds bring it there within a minute. */
const warmRounds = { quick: 120, full: 600 };
/** After a change of pace. */
const settleRounds = 3;
const sampleMs = 50;

interface Case {
  readonly name: string;
  readonly words: string;
  readonly intervalSeconds: number;
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
export async function measureClient({ programs, folder, quick, say }: MeasureOptions): Promise<readonly Figure[]> {
  const runs = quick ? 1 : 2;
  const rounds = quick ? 60 : 150;
  const desktop = ['--root', fixture];
  const cases: readonly Case[] = [
    { name: 'machine', words: 'this machine, every 0.1 s', intervalSeconds: fastSeconds, rounds, args: [] },
    { name: 'fixture', words: 'a desktop, every 0.1 s', intervalSeconds: fastSeconds, rounds, args: desktop },
    { name: 'slow', words: 'this machine, every 1 s', intervalSeconds: 1, rounds: rounds / 10, args: [] },
  ];
  const costs = new Map<Case, Cost[]>(cases.map((each) => [each, []]));
  for (let run = 0; run < runs; run += 1) {
    say(`client: rounds, run ${run + 1} of ${runs}`);
    await using stack = new AsyncDisposableStack();
    const idle = stack.use(new Child(['-e', idleProgram]));
    const clients: Running[] = [];
    for (const one of cases) clients.push(await startClient(one, { programs, folder, stack }));
    await Promise.all(clients.map((client) => reach(quick ? warmRounds.quick : warmRounds.full, client)));
    for (const { server } of clients) server.grant(restingSeconds);
    // One at a time: each has the machine for itself.
    for (const client of clients) costs.get(client.one)?.push(await costOfRounds(client, idle.pid));
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

interface Running {
  readonly one: Case;
  readonly server: AnsweringServer;
  readonly pid: number;
}

async function startClient(
  one: Case,
  { programs, folder, stack }: { programs: Programs; folder: string; stack: AsyncDisposableStack },
): Promise<Running> {
  const { name, args } = one;
  const server = stack.use(await startAnsweringServer(fastSeconds));
  const client = stack.use(
    new Child([
      programs.bin('telemetry-client'),
      '--server',
      `127.0.0.1:${server.port}`,
      '--name',
      name,
      '--state-dir',
      join(folder, `client-${name}`),
      ...args,
    ]),
  );
  return { one, server, pid: client.pid };
}

async function costOfRounds(client: Running, idlePid: number): Promise<Cost> {
  const { one, server, pid } = client;
  server.grant(one.intervalSeconds);
  let children = await reach(server.rounds(one.name) + settleRounds, client);
  const before = { cost: costOf(pid), rounds: server.rounds(one.name) };
  children += await reach(before.rounds + one.rounds, client);
  const after = { cost: costOf(pid), rounds: server.rounds(one.name) };
  server.grant(restingSeconds);
  const memory = memoryOf(pid);
  const bare = memoryOf(idlePid);
  return {
    cpuMsPerRound: (after.cost.cpuMs - before.cost.cpuMs) / (after.rounds - before.rounds),
    rssMiB: (memory.rss - bare.rss) / 1024,
    ownMiB: (memory.own - bare.own) / 1024,
    children: children + Math.min(1, after.cost.childFaults),
  };
}

/** Waits until the client has done so many rounds; answers how many child processes it was seen with. */
async function reach(rounds: number, { one: { name }, server, pid }: Running): Promise<number> {
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
