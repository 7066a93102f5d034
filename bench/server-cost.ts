import { statSync } from 'node:fs';
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

/** CPU of the server for a million answered frames, `reading` lines going to a file, over that of a bare server. */
export async function measureServer({ packed, folder, quick, say }: MeasureOptions): Promise<readonly Figure[]> {
  const amount: Amount = quick
    ? { starts: 1, turns: 5, framesPerTurn: 25_000, warmFrames: 50_000 }
    : { starts: 3, turns: 7, framesPerTurn: 40_000, warmFrames: 100_000 };
  const bareArgs = [fileURLToPath(new URL('bare-server.ts', import.meta.url))];
  const ours: Cost[] = [];
  const bare: Cost[] = [];
  const memory: { readonly ours: number[]; readonly bare: number[] } = { ours: [], bare: [] };
  for (let start = 0; start < amount.starts; start += 1) {
    say(`server: start ${start + 1} of ${amount.starts}`);
    const logFile = join(folder, `readings-${start}.log`);
    await using server = await startServer(serverArgs(packed, folder, logFile), /"tcp".*"port":(\d+)/);
    await using bareServer = await startServer(bareArgs, /port (\d+)/);
    for (const each of [server, bareServer]) await each.load.answer(amount.warmFrames);
    for (let turn = 0; turn < amount.turns; turn += 1) {
      ours.push(await costOfFrames(server, amount.framesPerTurn));
      bare.push(await costOfFrames(bareServer, amount.framesPerTurn));
    }
    if (statSync(logFile).size === 0) throw new Error('no reading was logged');
    memory.ours.push(memoryOf(server.program.pid).rss / 1024);
    memory.bare.push(memoryOf(bareServer.program.pid).rss / 1024);
  }
  const cpu = { ours: ours.map((cost) => cost.cpuSeconds), bare: bare.map((cost) => cost.cpuSeconds) };
  return [
    { name: 'server: CPU a million frames', unit: 's', runs: cpu.ours },
    { name: 'bare server: CPU a million frames', unit: 's', runs: cpu.bare },
    { name: 'server: CPU over bare', unit: '×', runs: ratios(cpu.ours, cpu.bare), limit: 1.5 },
    { name: 'server: frames a second', unit: '1/s', runs: ours.map((cost) => cost.framesPerSecond) },
    { name: 'bare server: frames a second', unit: '1/s', runs: bare.map((cost) => cost.framesPerSecond) },
    { name: 'server: busy', unit: '×', runs: ours.map((cost) => cost.busy) },
    { name: 'bare server: busy', unit: '×', runs: bare.map((cost) => cost.busy) },
    { name: 'server: RSS at the end', unit: 'MiB', runs: memory.ours },
    { name: 'bare server: RSS at the end', unit: 'MiB', runs: memory.bare },
  ];
}

function serverArgs(packed: string, folder: string, logFile: string): readonly string[] {
  return [
    join(packed, 'dist/bin/telemetry-server.js'),
    '--listen',
    'tcp://127.0.0.1:0',
    '--http',
    '127.0.0.1:0',
    // A unit that is silent while the other server has its turn must not count as late.
    '--interval',
    '60',
    '--data-dir',
    join(folder, 'server'),
    '--log-file',
    logFile,
  ];
}

interface LoadedServer extends AsyncDisposable {
  readonly program: Child;
  readonly load: Load;
}

/** A server and its load, ready. `ready` finds the port in what it prints. */
async function startServer(args: readonly string[], ready: RegExp): Promise<LoadedServer> {
  const program = new Child(args);
  const [, port] = await program.line(ready);
  const load = await startLoad(Number(port));
  return {
    program,
    load,
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
