import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Histogram } from '../src/fleet/histogram.ts';
import { median, type Figure } from './figure.ts';
import { startLoad, type Load, type OpenPace } from './load.ts';
import type { MeasureOptions } from './measure.ts';
import { residentMiB } from './process-cost.ts';
import { dataDirOf, startBareServer, startOurServer, type RunningServer } from './servers.ts';

const wantedConnections = { quick: 4_000, full: 19_000 };
/** What a process has open besides its connections, the server's files and the load's own. */
const otherFiles = 250;
const processes = 2;
const warmConnections = 1_000;
const secondsAFrame = 10;

/** Many connections that send a frame each in 10 s: memory a connection, and p99 of the acknowledgement. */
export async function measureConnections(options: MeasureOptions): Promise<readonly Figure[]> {
  const { programs, folder, quick, say, note } = options;
  const wanted = wantedConnections[quick ? 'quick' : 'full'];
  const most = Math.min(wanted, filesMax() - otherFiles);
  const connections = most - (most % processes);
  if (connections < wanted) note(`${connections} connections instead of ${wanted}: ulimit -n allows no more.`);
  const starts = quick ? 1 : 2;
  const ours: Run[] = [];
  for (let start = 0; start < starts; start += 1) {
    say(`server: ${connections} connections, start ${start + 1} of ${starts}`);
    await using server = await startOurServer(programs, { dataDir: dataDirOf(folder, 'connections', start) });
    ours.push(await runOf(server, connections));
  }
  say(`bare server: ${connections} connections`);
  await using bareServer = await startBareServer();
  const bare = await runOf(bareServer, connections);
  const each = `${connections} connections, a frame each in 10 s`;
  const of = (member: keyof Run): readonly number[] => ours.map((run) => run[member]);
  return [
    { name: `server, ${each}: RSS a connection`, unit: 'KiB', runs: of('kibibytes'), limit: 4, aim: 2.5 },
    { name: `bare server, ${each}: RSS a connection`, unit: 'KiB', runs: [bare.kibibytes] },
    { name: `server, ${each}: p99 of the acknowledgement`, unit: 'ms', runs: of('p99Ms'), limit: 15 },
    { name: `server, ${each}: p50 of the acknowledgement`, unit: 'ms', runs: of('p50Ms') },
    { name: `bare server, ${each}: p99 of the answer`, unit: 'ms', runs: [bare.p99Ms] },
    { name: `server, ${each}: RSS`, unit: 'MiB', runs: of('residentMiB') },
  ];
}

interface Run {
  readonly kibibytes: number;
  readonly residentMiB: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function runOf({ port, program }: RunningServer, connections: number): Promise<Run> {
  const perSecond = connections / secondsAFrame;
  const before = await warmMemory(port, { perSecond, seconds: 5 }, program.pid);
  using stack = new DisposableStack();
  const loads: Load[] = [];
  for (let number = 0; number < processes; number += 1) {
    const plan = { name: `process-${number}`, connections: connections / processes, subnet: newSubnet() };
    loads.push(stack.use(await startLoad(port, plan)));
  }
  // The first frame of each makes what it keeps.
  const pace: OpenPace = { perSecond: perSecond / processes, seconds: secondsAFrame };
  await Promise.all(loads.map((load) => load.open(pace)));
  const counting = Promise.all(loads.map((load) => load.open(pace)));
  const after = await residentDuring(counting, program.pid);
  const latency = new Histogram();
  for (const result of await counting) latency.merge(new Histogram(result.latency));
  return {
    kibibytes: ((after - before) * 1_024) / connections,
    residentMiB: after,
    p50Ms: latency.quantileMs(0.5),
    p99Ms: latency.quantileMs(0.99),
  };
}

/** Addresses of this machine on which no port is in use, nor waits for the end of an earlier connection. */
function newSubnet(): string {
  return `127.${randomInt(1, 256)}.${randomInt(256)}`;
}

/** What the server has when it has taken as many readings a second, from few connections: all that is left is theirs. */
async function warmMemory(port: number, pace: OpenPace, pid: number): Promise<number> {
  using load = await startLoad(port, { name: 'warm', connections: warmConnections });
  await load.open(pace);
  return await residentDuring(load.open(pace), pid);
}

/** The median of what it has each half second until then, MiB: between two collections memory only grows. */
async function residentDuring(until: Promise<unknown>, pid: number): Promise<number> {
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(residentMiB(pid)), 500);
  await until.finally(() => clearInterval(sampling));
  return median(samples);
}

/** Node.js raises the soft limit of its own process to the hard one. */
function filesMax(): number {
  const hard = /^Max open files\s+\d+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}
