import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import { ratios, type Figure } from './figure.ts';
import { startLoad, type Load } from './load.ts';
import type { MeasureOptions } from './measure.ts';
import { costOf, memoryOf } from './process-cost.ts';

/** The log is written in the background, and belongs to the frames before it. */
const settleMs = 200;

/** How much is measured: `starts` of both servers, and in each so many turns, one server after the other. */
export interface Amount {
  readonly starts: number;
  readonly turns: number;
  readonly framesPerTurn: number;
  /** Before the first turn, while the code is being compiled. */
  readonly warmFrames: number;
}

interface Cost {
  /** Seconds for a million frames. */
  readonly cpuSeconds: number;
  readonly framesPerSecond: number;
  /** CPU over time that passed: at 1 the server had no moment to wait. */
  readonly busy: number;
}

/** What is measured, one after another in each turn. */
const contestants = [
  { name: 'server, store in memory', store: 'memory', limit: 1.5 },
  { name: 'server, store on disk', store: 'sqlite', limit: 1.7 },
  { name: 'bare server', store: undefined, limit: undefined },
] as const;

type Contestant = (typeof contestants)[number];

/** CPU of the server for a million answered frames, `reading` lines going to a file, over that of a bare server. */
export async function measureServer({ packed, folder, quick, say }: MeasureOptions): Promise<readonly Figure[]> {
  const amount: Amount = quick
    ? { starts: 1, turns: 5, framesPerTurn: 25_000, warmFrames: 50_000 }
    : { starts: 3, turns: 7, framesPerTurn: 40_000, warmFrames: 100_000 };
  const costs = new Map<Contestant, Cost[]>(contestants.map((one) => [one, []]));
  const memory = new Map<Contestant, number[]>(contestants.map((one) => [one, []]));
  for (let start = 0; start < amount.starts; start += 1) {
    say(`server: start ${start + 1} of ${amount.starts}`);
    await using stack = new AsyncDisposableStack();
    const servers: [Contestant, LoadedServer][] = [];
    for (const one of contestants) {
      const server = stack.use(await startContestant(one, packed, join(folder, `${one.name}-${start}`)));
      servers.push([one, server]);
      await server.load.answer(amount.warmFrames);
    }
    for (let turn = 0; turn < amount.turns; turn += 1) {
      for (const [one, server] of servers) costs.get(one)?.push(await costOfFrames(server, amount.framesPerTurn));
    }
    for (const [one, { program, logFile }] of servers) {
      // A file that was rotated a moment ago is empty.
      const isLogged = existsSync(`${logFile}.1`) || statSync(logFile, { throwIfNoEntry: false })?.size !== 0;
      if (one.store !== undefined && !isLogged) throw new Error('no reading was logged');
      memory.get(one)?.push(memoryOf(program.pid).rss / 1024);
    }
  }
  const bare = cpuOf(costs.get(contestants[2]));
  const figures: Figure[] = [];
  for (const one of contestants) {
    const { name, limit } = one;
    const runs = costs.get(one) ?? [];
    figures.push({ name: `${name}: CPU a million frames`, unit: 's', runs: cpuOf(runs) });
    if (limit !== undefined) {
      figures.push({ name: `${name}: CPU over bare`, unit: '×', runs: ratios(cpuOf(runs), bare), limit });
    }
    figures.push(
      { name: `${name}: frames a second`, unit: '1/s', runs: runs.map((cost) => cost.framesPerSecond) },
      { name: `${name}: busy`, unit: '×', runs: runs.map((cost) => cost.busy) },
      { name: `${name}: RSS at the end`, unit: 'MiB', runs: memory.get(one) ?? [] },
    );
  }
  return figures;
}

function cpuOf(costs: readonly Cost[] = []): readonly number[] {
  return costs.map((cost) => cost.cpuSeconds);
}

function startContestant({ store }: Contestant, packed: string, folder: string): Promise<LoadedServer> {
  const logFile = `${folder}.log`;
  if (store === undefined) {
    return startServer({
      args: [fileURLToPath(new URL('bare-server.ts', import.meta.url))],
      logFile,
      ready: /port (\d+)/,
    });
  }
  const args = [
    join(packed, 'dist/bin/telemetry-server.js'),
    '--listen',
    'tcp://127.0.0.1:0',
    '--http',
    '127.0.0.1:0',
    // A unit that is silent while the other servers have their turn must not count as late.
    '--interval',
    '60',
    '--data-dir',
    folder,
    '--log-file',
    logFile,
  ];
  return startServer({ args, logFile, ready: /"tcp".*"port":(\d+)/, environment: { TELEMETRY_STORE_KIND: store } });
}

interface LoadedServer extends AsyncDisposable {
  readonly program: Child;
  readonly load: Load;
  readonly logFile: string;
}

interface Start {
  readonly args: readonly string[];
  readonly logFile: string;
  /** Finds the port in what it prints. */
  readonly ready: RegExp;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A server and its load, ready. */
async function startServer({ args, logFile, ready, environment }: Start): Promise<LoadedServer> {
  const program = new Child(args, environment);
  const [, port] = await program.line(ready);
  const load = await startLoad(Number(port));
  return {
    program,
    load,
    logFile,
    [Symbol.asyncDispose]: async () => {
      load.end();
      await program[Symbol.asyncDispose]();
    },
  };
}

async function costOfFrames({ program, load }: LoadedServer, frames: number): Promise<Cost> {
  const beforeMs = costOf(program.pid).cpuMs;
  const elapsedMs = await load.answer(frames);
  await sleep(settleMs);
  const cpuMs = costOf(program.pid).cpuMs - beforeMs;
  return {
    cpuSeconds: (cpuMs * 1_000) / frames,
    framesPerSecond: (frames * 1_000) / elapsedMs,
    busy: cpuMs / elapsedMs,
  };
}
