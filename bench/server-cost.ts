import { existsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { compactStore } from './compact-store.ts';
import { median, ratios, type Figure } from './figure.ts';
import { startLoad, type Load } from './load.ts';
import { withoutBackground, type MeasureOptions } from './measure.ts';
import { costOf, residentMiB } from './process-cost.ts';
import { dataDirOf, startBareServer, startOurServer, type RunningServer } from './servers.ts';

/** The log is written in the background, and belongs to the frames before it. */
const settleMs = 200;
const sampleMs = 500;

/**
 * What is measured, one after another in each turn. The store on disk moves windows of a million readings, and is given just short of two: the first while it is
 * loaded, and what is left makes as long columns.
 */
const contestants = [
  { name: 'server', store: 'sqlite', frames: { quick: 60_000, full: 100_000 } },
  { name: 'server, store in memory', store: 'memory', frames: { quick: 20_000, full: 20_000 } },
  { name: 'bare server', store: undefined, frames: { quick: 20_000, full: 20_000 } },
] as const;

type Contestant = (typeof contestants)[number];

/** What one start of a contestant has cost, over all of its turns. */
interface Cost {
  /** Seconds for a million frames, background work and all. */
  readonly cpuSeconds: number;
  readonly framesPerSecond: number;
  /** CPU over time that passed: at 1 the server had no moment to wait. */
  readonly busy: number;
  /** MiB, each half second while it was loaded. */
  readonly resident: readonly number[];
}

/**
 * Closed loop: CPU for a million answered frames, `reading` lines going to a file, over that of a bare server, and memory. A start is one run, because background
 * work comes in windows: single turns have all of it or none. What is left of it at the end is done by `telemetryctl store compact`, and counted. A quick run has too
 * few readings for any of it to be told of.
 */
export async function measureServer(options: MeasureOptions): Promise<readonly Figure[]> {
  const { quick, say, note } = options;
  if (quick) note(withoutBackground);
  const { starts, turns, warmFrames } = quick
    ? { starts: 1, turns: 4, warmFrames: 30_000 }
    : { starts: 2, turns: 20, warmFrames: 50_000 };
  const costs = new Map<Contestant, Cost[]>(contestants.map((one) => [one, []]));
  for (let start = 0; start < starts; start += 1) {
    say(`server: closed loop, start ${start + 1} of ${starts}`);
    await using stack = new AsyncDisposableStack();
    const runs: Run[] = [];
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
  return figuresOf(costs);
}

interface Run {
  readonly one: Contestant;
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

async function startRun(
  one: Contestant,
  start: number,
  { programs, folder }: MeasureOptions,
  stack: AsyncDisposableStack,
): Promise<Run> {
  const dataDir = dataDirOf(folder, 'closed', one.store ?? 'bare', start);
  const server = stack.use(
    one.store === undefined ? await startBareServer() : await startOurServer(programs, { dataDir, store: one.store }),
  );
  const load = stack.use(await startLoad(server.port));
  return { one, server, load, resident: [], beforeMs: 0, cpuMs: 0, elapsedMs: 0, frames: 0 };
}

async function takeTurn(run: Run, frames: number): Promise<void> {
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

async function costOfRun(run: Run, { programs, quick }: MeasureOptions): Promise<Cost> {
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

function figuresOf(costs: ReadonlyMap<Contestant, readonly Cost[]>): readonly Figure[] {
  const of = (one: Contestant, value: (cost: Cost) => number): readonly number[] => (costs.get(one) ?? []).map(value);
  const [disk, memory, bare] = contestants;
  const cpu = (one: Contestant): readonly number[] => of(one, (cost) => cost.cpuSeconds);
  const each = contestants.flatMap((one): readonly Figure[] => [
    { name: `${one.name}, closed loop: CPU a million frames`, unit: 's', runs: cpu(one) },
    { name: `${one.name}, closed loop: frames a second`, unit: '1/s', runs: of(one, (cost) => cost.framesPerSecond) },
    { name: `${one.name}, closed loop: busy`, unit: '×', runs: of(one, (cost) => cost.busy) },
  ]);
  return [
    {
      name: 'server, closed loop: CPU over bare',
      unit: '×',
      runs: ratios(cpu(disk), cpu(bare)),
      limit: 1.6,
      aim: 1.2,
    },
    {
      name: 'server, store in memory, closed loop: CPU over bare',
      unit: '×',
      runs: ratios(cpu(memory), cpu(bare)),
      limit: 1.5,
    },
    {
      name: 'server, 1,000 clients at full load: RSS',
      unit: 'MiB',
      runs: of(disk, ({ resident }) => median(resident)),
      limit: 130,
      aim: 100,
    },
    {
      name: 'server, 1,000 clients at full load: highest RSS',
      unit: 'MiB',
      runs: of(disk, ({ resident }) => Math.max(...resident)),
    },
    ...each,
  ];
}
