import { setTimeout as sleep } from 'node:timers/promises';
import { Histogram } from '../../src/fleet/histogram.ts';
import { startLoad, type Load } from '../load.ts';
import type { MeasureOptions } from '../measure.ts';
import { costOf } from '../process-cost.ts';
import { dataDirOf, startOurServer, type OurServer } from '../servers.ts';
import { openFleet } from './fleet-page.ts';
import type { OpenedBrowser } from './opened-browser.ts';
import type { PageCost } from './opened-page.ts';
import { startStreamReaders } from './stream-readers.ts';

export const units = 1_000;
/** One of each kind. */
const readingsARound = 4;
/** The lines that are seen are neighbours by name, and change at all times of a second. */
const nameStride = 7;

export interface WatchPlan {
  /** Of all three at once before their first turns, until V8 has compiled what runs; not counted. */
  readonly warmSeconds: number;
  /** Turns of each. */
  readonly rounds: number;
  /** Of each turn; not counted. A page has made by then what it keeps. */
  readonly settleSeconds: number;
  readonly turnSeconds: number;
  readonly readers: number;
}

/** What a server has cost in a turn. */
export interface ServerTurn {
  /** CPU, per cent of a core. */
  readonly busy: number;
  /** Of the last acknowledgement of a round, from when it was due. */
  readonly p99Ms: number;
}

/** A turn of each. */
export interface WatchRun {
  readonly alone: ServerTurn;
  readonly watched: ServerTurn;
  readonly many: ServerTurn;
  /** CPU, per cent of a core. */
  readonly page: PageCost;
}

/** That many fill the window but for some. */
const linesMin = 20;
/** What is still on its way to the page, or to disk. */
const restMs = 200;

interface Watched {
  readonly server: OurServer;
  readonly load: Load;
}

/**
 * One start of three servers, to each of which 1,000 units send a round of readings each second, in turn: one at which nobody looks, one with the fleet open in a page, and one with
 * many readers of the fleet's stream. Each is of its own, since a server goes on following its units for a minute when its last reader has left.
 */
export async function runWatched(
  start: number,
  plan: WatchPlan,
  { browser, options }: { readonly browser: OpenedBrowser; readonly options: MeasureOptions },
): Promise<readonly WatchRun[]> {
  await using stack = new AsyncDisposableStack();
  const begin = async (name: string): Promise<Watched> => {
    const dataDir = dataDirOf(options.folder, 'page', name, start);
    const server = stack.use(await startOurServer(options.programs, { dataDir }));
    const load = stack.use(await startLoad(server.port, { nameStride, readingsASend: readingsARound }));
    return { server, load };
  };
  const alone = await begin('alone');
  const watched = await begin('watched');
  const many = await begin('many');
  const page = stack.use(await openFleet(browser, { httpPort: watched.server.httpPort, lines: linesMin }));
  const readers = stack.use(await startStreamReaders({ httpPort: many.server.httpPort, readers: plan.readers }));

  const warmUp = { perSecond: units, seconds: plan.warmSeconds };
  if (plan.warmSeconds > 0) await Promise.all([alone, watched, many].map(({ load }) => load.open(warmUp)));
  const runs: WatchRun[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    const aloneTurn = await takeTurn(alone, plan, () => Promise.resolve(nothing));
    const watchedTurn = await takeTurn(watched, plan, () => page.cost());
    const told = await readers.told();
    const manyTurn = await takeTurn(many, plan, () => Promise.resolve(nothing));
    for (const [reader, bytes] of (await readers.told()).entries()) {
      if (bytes <= (told[reader] ?? 0)) throw new Error(`reader ${reader + 1} was told nothing in its turn`);
    }
    runs.push({ alone: aloneTurn, watched: watchedTurn, many: manyTurn, page: watchedTurn.others });
  }
  return runs;
}

const nothing: PageCost = { mainThread: 0, renderer: 0, browser: 0 };

/** `costNow`: what others than the server have cost by now. */
async function takeTurn(
  { server, load }: Watched,
  { settleSeconds, turnSeconds }: WatchPlan,
  costNow: () => Promise<PageCost>,
): Promise<ServerTurn & { readonly others: PageCost }> {
  const { pid } = server.program;
  await load.open({ perSecond: units, seconds: settleSeconds });
  const [before, beforeMs] = [await costNow(), costOf(pid).cpuMs];
  const { elapsedMs, latency } = await load.open({ perSecond: units, seconds: turnSeconds });
  await sleep(restMs);
  const [after, afterMs] = [await costNow(), costOf(pid).cpuMs];
  const percent = (ms: number): number => (ms * 100) / elapsedMs;
  return {
    busy: percent(afterMs - beforeMs),
    p99Ms: new Histogram(latency).quantileMs(0.99),
    others: {
      mainThread: percent(after.mainThread - before.mainThread),
      renderer: percent(after.renderer - before.renderer),
      browser: percent(after.browser - before.browser),
    },
  };
}
