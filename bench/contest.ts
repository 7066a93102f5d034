import { existsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { compactStore } from './compact-store.ts';
import { startLoad, type Load } from './load.ts';
import type { LoadScheme } from './load-socket.ts';
import { withoutBackground, type MeasureOptions } from './measure.ts';
import { costOf, residentMiB } from './process-cost.ts';
import { dataDirOf, startBareServer, startOurServer, type RunningServer } from './servers.ts';

/** The log is written in the background, and belongs to the frames before it. */
const settleMs = 200;
const sampleMs = 500;

/** One of those that are measured in turn. */
export interface Contestant {
  readonly name: string;
  /** Of our server; undefined: it is the bare one. */
  readonly store: 'sqlite' | 'memory' | undefined;
  readonly scheme: LoadScheme;
  /** Of each turn. */
  readonly frames: { readonly quick: number; readonly full: number };
}

/** How long one start of all contestants lasts. */
export interface ContestPlan {
  readonly starts: number;
  readonly turns: number;
  readonly warmFrames: number;
}

/** What one start of a contestant has cost, over all of its turns. */
export interface Cost {
  /** Seconds for a million frames, background work and all. */
  readonly cpuSeconds: number;
  readonly framesPerSecond: number;
  /** CPU over time that passed: at 1 the server had no moment to wait. */
  readonly busy: number;
  /** MiB, each half second while it was loaded. */
  readonly resident: readonly number[];
}

/**
 * Closed loop: what an answered frame costs each of `contestants`, `reading` lines going to a file, one after another in each turn. A start is one run, because background
 * work comes in windows: single turns have all of it or none. What is left of it at the end is done by `telemetryctl store compact`, and counted. A quick run has too
 * few readings for any of it to be told of.
 */
export async function runContest<One extends Contestant>(
  contestants: readonly One[],
  { starts, turns, warmFrames }: ContestPlan,
  options: MeasureOptions,
): Promise<ReadonlyMap<One, readonly Cost[]>> {
  const { quick, say, note } = options;
  if (quick) note(withoutBackground);
  const costs = new Map<One, Cost[]>(contestants.map((one) => [one, []]));
  for (let start = 0; start < starts; start += 1) {
    say(`${contestants.map(({ name }) => name).join(', ')}: closed loop, start ${start + 1} of ${starts}`);
    await using stack = new AsyncDisposableStack();
    const runs: Run<One>[] = [];
    for (const one of contestants) {
      const run = await startRun(one, start, options, stack);
      await run.load.answer(warmFrames);
      runs.push(run);
    }
    for (const run of runs) run.beforeMs = costOf(run.server.program.pid).cpuMs;
    for (let turn = 0; turn < turns; turn += 1) {
      for (const run of runs) await takeTurn(run, run.one.frames[quick ? 'quick' : 'full']);
    }
    for (const run of runs) costs.get(run.one)?.push(await costOfRun(run, options));
  }
  return costs;
}

interface Run<One extends Contestant> {
  readonly one: One;
  readonly server: RunningServer & { readonly dataDir?: string };
  readonly load: Load;
  readonly resident: number[];
  /** CPU before its first turn. */
  beforeMs: number;
  /** CPU in its turns. */
  cpuMs: number;
  elapsedMs: number;
  frames: number;
}

async function startRun<One extends Contestant>(
  one: One,
  start: number,
  { programs, folder }: MeasureOptions,
  stack: AsyncDisposableStack,
): Promise<Run<One>> {
  const { store, scheme } = one;
  const dataDir = dataDirOf(folder, 'closed', scheme, store ?? 'bare', start);
  const server = stack.use(
    store === undefined ? await startBareServer() : await startOurServer(programs, { dataDir, store, scheme }),
  );
  const load = stack.use(await startLoad(server.port, { scheme }));
  return { one, server, load, resident: [], beforeMs: 0, cpuMs: 0, elapsedMs: 0, frames: 0 };
}

async function takeTurn(run: Run<Contestant>, frames: number): Promise<void> {
  const { pid } = run.server.program;
  const sampling = setInterval(() => run.resident.push(residentMiB(pid)), sampleMs);
  const beforeMs = costOf(pid).cpuMs;
  const { elapsedMs } = await run.load.answer(frames).finally(() => clearInterval(sampling));
  run.resident.push(residentMiB(pid));
  await sleep(settleMs);
  run.cpuMs += costOf(pid).cpuMs - beforeMs;
  run.elapsedMs += elapsedMs;
  run.frames += frames;
}

async function costOfRun(run: Run<Contestant>, { programs, quick }: MeasureOptions): Promise<Cost> {
  const { one, server, load, resident, elapsedMs, frames } = run;
  const busy = run.cpuMs / elapsedMs;
  // Background work goes on while others have their turn.
  let cpuMs = costOf(server.program.pid).cpuMs - run.beforeMs;
  if (server.dataDir !== undefined) {
    load[Symbol.dispose]();
    await server.program.end('SIGTERM');
    assertLogged(`${server.dataDir}.log`);
    if (one.store === 'sqlite' && !quick) cpuMs += (await compactStore(programs, server.dataDir)).cost.cpuMs;
  }
  return { cpuSeconds: (cpuMs * 1_000) / frames, framesPerSecond: (frames * 1_000) / elapsedMs, busy, resident };
}

function assertLogged(logFile: string): void {
  // A file that was rotated a moment ago is empty.
  const isLogged = existsSync(`${logFile}.1`) || statSync(logFile, { throwIfNoEntry: false })?.size !== 0;
  if (!isLogged) throw new Error('no reading was logged');
}
