import { setTimeout as sleep } from 'node:timers/promises';
import { Histogram } from '../src/fleet/histogram.ts';
import { compactStore } from './compact-store.ts';
import type { DialectName } from './dialects.ts';
import { ratios, type Figure } from './figure.ts';
import { startLoad, type Load } from './load.ts';
import type { MeasureOptions } from './measure.ts';
import { peers } from './peers/peers.ts';
import type { Peer } from './peers/peer.ts';
import { bytesAtRest, programOf, startPeer } from './peers/running-peer.ts';
import { costOf, residentMiB } from './process-cost.ts';
import { dataDirOf, startBareServer, startOurServer, type RunningServer } from './servers.ts';

const perSecond = 5_000;
const settleMs = 500;
const warmFrames = 10_000;

/** What a server holds after it was killed under load and started again. */
interface Kept {
  readonly readings: number;
  readonly bytes: number;
}

interface Contestant {
  readonly name: string;
  readonly dialect: DialectName;
  readonly server: RunningServer;
  /** Undefined where it keeps nothing. */
  readonly kept: (() => Promise<Kept>) | undefined;
  readonly closed: number[];
  readonly open: number[];
  readonly p99Ms: number[];
  readonly resident: number[];
  acknowledged: number;
}

/** The same load on others' servers and on ours: CPU over the bare server, memory, bytes on disk, and what a kill has cost. */
export async function measurePeers(options: MeasureOptions): Promise<readonly Figure[]> {
  const { quick, say } = options;
  const turns = quick ? 1 : 3;
  const frames = quick ? 20_000 : 40_000;
  const pace = { perSecond, seconds: quick ? 3 : 6 };
  await using stack = new AsyncDisposableStack();
  const contestants = await startAll(options, stack);
  const loads = new Map<Contestant, Load>();
  for (const one of contestants) {
    const load = stack.use(await startLoad(one.server.port, { dialect: one.dialect }));
    loads.set(one, load);
    one.acknowledged += (await load.answer(warmFrames)).answers;
  }
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [one, load] of loads) {
      say(`${one.name}: turn ${turn + 1} of ${turns}`);
      one.closed.push((await cpuSeconds(one, () => load.answer(frames))).seconds);
      one.resident.push(residentMiB(one.server.program.pid));
      const { seconds, latency } = await cpuSeconds(one, () => load.open(pace));
      one.open.push(seconds);
      one.p99Ms.push(new Histogram(latency).quantileMs(0.99));
    }
  }
  const kept = new Map<Contestant, Kept>();
  for (const [one, load] of loads) {
    if (one.kept === undefined) continue;
    say(`${one.name}: killed`);
    one.acknowledged += (await load.answer(warmFrames)).answers;
    load[Symbol.dispose]();
    await one.server[Symbol.asyncDispose]();
    kept.set(one, await one.kept());
  }
  return figuresOf(contestants, kept);
}

/** Seconds of CPU for a million readings, and the latency of these. */
async function cpuSeconds(
  one: Contestant,
  load: () => Promise<{ readonly answers: number; readonly latency: Float64Array }>,
): Promise<{ readonly seconds: number; readonly latency: Float64Array }> {
  const { pid } = one.server.program;
  const beforeMs = costOf(pid).cpuMs;
  const { answers, latency } = await load();
  await sleep(settleMs);
  one.acknowledged += answers;
  return { seconds: ((costOf(pid).cpuMs - beforeMs) * 1_000) / answers, latency };
}

async function startAll(options: MeasureOptions, stack: AsyncDisposableStack): Promise<readonly Contestant[]> {
  const { programs, folder, note } = options;
  const bare = stack.use(await startBareServer());
  const ours = stack.use(await startOurServer(programs, { dataDir: dataDirOf(folder, 'peers', 'ours') }));
  const contestants = [
    contestant({ name: 'bare server', dialect: 'telemetry', server: bare, kept: undefined }),
    contestant({ name: 'telemetry-server', dialect: 'telemetry', server: ours, kept: () => keptByUs(ours, programs) }),
  ];
  for (const peer of peers) {
    if (programOf(peer) === undefined) {
      note(`${peer.name} is not on this machine (Debian has it as ${peer.debianPackage}), so its figures are missing.`);
      continue;
    }
    const peerFolder = dataDirOf(folder, 'peers', peer.program);
    try {
      const server = stack.use(await startPeer(peer, { folder: peerFolder }));
      const { name, dialect } = peer;
      contestants.push(contestant({ name, dialect, server, kept: () => keptByPeer(peer, peerFolder) }));
    } catch (error) {
      note(`${peer.name} did not start, so its figures are missing: ${error instanceof Error ? error.message : ''}`);
    }
  }
  return contestants;
}

function contestant(members: Pick<Contestant, 'name' | 'dialect' | 'server' | 'kept'>): Contestant {
  return { ...members, closed: [], open: [], p99Ms: [], resident: [], acknowledged: 0 };
}

async function keptByUs(
  { dataDir }: { readonly dataDir: string },
  programs: MeasureOptions['programs'],
): Promise<Kept> {
  const { readings, bytesPerReading } = await compactStore(programs, dataDir);
  return { readings, bytes: readings * bytesPerReading };
}

async function keptByPeer(peer: Peer, folder: string): Promise<Kept> {
  await using again = await startPeer(peer, { folder, idle: true });
  const readings = await peer.count(again.port);
  await peer.shrink?.(again.port);
  return { readings, bytes: await bytesAtRest(folder) };
}

function figuresOf(contestants: readonly Contestant[], kept: ReadonlyMap<Contestant, Kept>): readonly Figure[] {
  const [bare] = contestants;
  return contestants.flatMap((one): readonly Figure[] => {
    const { name, closed, open, p99Ms, resident, acknowledged } = one;
    const held = kept.get(one);
    const ratio = one !== bare && bare !== undefined;
    return [
      { name: `${name}, closed loop: CPU a million readings`, unit: 's', runs: closed },
      ...(ratio ? [{ name: `${name}, closed loop: CPU over bare`, unit: '×', runs: ratios(closed, bare.closed) }] : []),
      { name: `${name}, 5,000 readings/s: CPU a million readings`, unit: 's', runs: open },
      ...(ratio
        ? [{ name: `${name}, 5,000 readings/s: CPU over bare`, unit: '×', runs: ratios(open, bare.open) }]
        : []),
      { name: `${name}, 5,000 readings/s: p99 of the answer`, unit: 'ms', runs: p99Ms },
      { name: `${name}: RSS at full load`, unit: 'MiB', runs: resident },
      ...(held === undefined
        ? []
        : [
            { name: `${name}: bytes on disk a reading`, unit: 'bytes', runs: [held.bytes / held.readings] },
            { name: `${name}: acknowledged, and lost at a kill`, unit: '', runs: [acknowledged - held.readings] },
          ]),
    ];
  });
}
