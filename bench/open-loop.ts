import { setTimeout as sleep } from 'node:timers/promises';
import { Histogram } from '../src/fleet/histogram.ts';
import type { Child } from './child.ts';
import { compactStore } from './compact-store.ts';
import { exitCostIn } from './exit-cost.ts';
import { ratios, type Figure } from './figure.ts';
import { startLoad, type Load, type OpenPace } from './load.ts';
import { logFolder } from './log-folder.ts';
import { withoutBackground, type MeasureOptions } from './measure.ts';
import { costOf } from './process-cost.ts';
import { dataDirOf, startBareServer, startOurServer, type RunningServer } from './servers.ts';

const perSecond = 5_000;
const settleMs = 200;
const fillReadings = 920_000;

/** One start of our server, and of the bare one beside it. */
interface Run {
  /** Seconds of CPU for a million readings. */
  readonly ours: number;
  readonly bare: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bareP99Ms: number;
  /** For a reading, from the start of the server to its end. */
  readonly writtenBytes: number;
}

/** What a reading costs later. */
interface Background {
  /** Seconds of CPU for a million readings. */
  readonly cpuSeconds: number;
  readonly writtenBytes: number;
}

/**
 * Open loop, 5,000 readings/s of 1,000 connections: CPU over that of the bare server at the same rate, latency of the acknowledgement, bytes written to disk. The
 * background work takes a million readings at a time, which is minutes at this rate: it is measured once, on a store with as many, and counted in each run.
 */
export async function measureOpenLoop(options: MeasureOptions): Promise<readonly Figure[]> {
  const { programs, folder, quick, say, note } = options;
  const starts = quick ? 1 : 3;
  const runs: Run[] = [];
  for (let start = 0; start < starts; start += 1) {
    say(`server: ${perSecond} readings/s, start ${start + 1} of ${starts}`);
    runs.push(await runOf(dataDirOf(folder, 'open', start), options));
  }
  if (quick) note(withoutBackground);
  else say('server: background work of a million readings');
  const later = quick ? { cpuSeconds: 0, writtenBytes: 0 } : await backgroundOf(dataDirOf(folder, 'open', 0), programs);
  const of = (member: keyof Run): readonly number[] => runs.map((run) => run[member]);
  const ours = of('ours').map((seconds) => seconds + later.cpuSeconds);
  const written = of('writtenBytes').map((bytes) => bytes + later.writtenBytes);
  const at = 'at 5,000 readings/s';
  return [
    { name: `server ${at}: CPU over bare`, unit: '×', runs: ratios(ours, of('bare')), limit: 0.9, aim: 0.6 },
    { name: `server ${at}: CPU a million readings`, unit: 's', runs: ours },
    { name: `… of which background work`, unit: 's', runs: [later.cpuSeconds] },
    { name: `bare server ${at}: CPU a million readings`, unit: 's', runs: of('bare') },
    { name: `server ${at}: p50 of the acknowledgement`, unit: 'ms', runs: of('p50Ms') },
    { name: `server ${at}: p99 of the acknowledgement`, unit: 'ms', runs: of('p99Ms'), limit: 15, aim: 10 },
    { name: `bare server ${at}: p99 of the answer`, unit: 'ms', runs: of('bareP99Ms') },
    { name: `server ${at}: written to disk a reading`, unit: 'bytes', runs: written, limit: 400, aim: 250 },
    { name: `… of which background work`, unit: 'bytes', runs: [later.writtenBytes] },
  ];
}

async function runOf(dataDir: string, { programs, folder, quick, note }: MeasureOptions): Promise<Run> {
  // Until V8 has compiled what runs: at this rate that takes longer than in a closed loop.
  const warm: OpenPace = { perSecond, seconds: quick ? 4 : 40 };
  const pace: OpenPace = { perSecond, seconds: 6 };
  const turns = quick ? 1 : 2;
  await using stack = new AsyncDisposableStack();
  const logs = stack.use(logFolder(folder, note));
  const server = stack.use(
    await startOurServer(programs, { dataDir, logFile: `${logs.path}/server.log`, tellsExitCost: true }),
  );
  const ours = await startRun(server, stack);
  const bare = await startRun(stack.use(await startBareServer()), stack);
  await Promise.all([ours, bare].map((one) => takeTurn(one, warm)));
  const warmAnswers = ours.answers;
  for (const one of [ours, bare]) forget(one);
  for (let turn = 0; turn < turns; turn += 1) {
    for (const one of [ours, bare]) await takeTurn(one, pace);
  }
  ours.load[Symbol.dispose]();
  const { cost } = exitCostIn(await server.program.end('SIGTERM'));
  return {
    ours: cpuSeconds(ours.cpuMs, ours.answers),
    bare: cpuSeconds(bare.cpuMs, bare.answers),
    p50Ms: ours.latency.quantileMs(0.5),
    p99Ms: ours.latency.quantileMs(0.99),
    bareP99Ms: bare.latency.quantileMs(0.99),
    writtenBytes: cost.writtenBytes / (warmAnswers + ours.answers),
  };
}

/** Fills up a store with what the same units send, to just short of what the server would begin to move, and compacts it. */
async function backgroundOf(dataDir: string, programs: MeasureOptions['programs']): Promise<Background> {
  {
    await using server = await startOurServer(programs, { dataDir });
    using load = await startLoad(server.port);
    await load.answer(fillReadings);
    load[Symbol.dispose]();
    await server.program.end('SIGTERM');
  }
  const { readings, cost } = await compactStore(programs, dataDir);
  return { cpuSeconds: cpuSeconds(cost.cpuMs, readings), writtenBytes: cost.writtenBytes / readings };
}

interface Turns {
  readonly program: Child;
  readonly load: Load;
  latency: Histogram;
  cpuMs: number;
  answers: number;
}

async function startRun({ port, program }: RunningServer, stack: AsyncDisposableStack): Promise<Turns> {
  const load = stack.use(await startLoad(port));
  return { program, load, latency: new Histogram(), cpuMs: 0, answers: 0 };
}

async function takeTurn(run: Turns, pace: OpenPace): Promise<void> {
  const { pid } = run.program;
  const beforeMs = costOf(pid).cpuMs;
  const { answers, latency } = await run.load.open(pace);
  await sleep(settleMs);
  run.cpuMs += costOf(pid).cpuMs - beforeMs;
  run.answers += answers;
  run.latency.merge(new Histogram(latency));
}

/** What was while the server was being compiled. */
function forget(run: Turns): void {
  run.latency = new Histogram();
  run.cpuMs = 0;
  run.answers = 0;
}

/** For a million readings. */
function cpuSeconds(cpuMs: number, readings: number): number {
  return (cpuMs * 1_000) / readings;
}
