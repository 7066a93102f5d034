import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { Worker } from 'node:worker_threads';
import { CodedError } from '../core/coded-error.ts';
import { limits } from '../core/limits.ts';
import { reasonOf } from '../core/system-error.ts';
import type { LedgerLine } from './ledger.ts';
import type { ThreadData, ThreadReply, ThreadRequest } from './messages.ts';
import type { FleetPlan } from './plan.ts';
import { sumOf, type Counts } from './tally.ts';

/** How long what is under way may take when a fleet finishes. */
export const finishMsMax = 10_000;

/** A plan without what a run draws for itself, and with defaults: 0 for `warmUpMs`, the protocol's for `reconnectMsMax`. */
export interface FleetOptions
  extends
    Omit<FleetPlan, 'epoch' | 'warmUpMs' | 'reconnectMsMax'>,
    Partial<Pick<FleetPlan, 'warmUpMs' | 'reconnectMsMax'>> {}

export interface FleetResult {
  readonly counts: Counts;
  readonly ledger: readonly LedgerLine[];
}

/** How long a fleet waits for all of its units to register before it begins all the same. */
const registerMsMax = 30_000;

/** A fleet that runs. */
export interface Fleet {
  /** Resolves when all units have registered, or half a minute has passed, and readings fall due from then on. */
  readonly begun: Promise<void>;
  /** As of at most a second ago. */
  counts(): Counts;
  /** What has been acknowledged by now. */
  ledger(): Promise<readonly LedgerLine[]>;
  /** Takes no new readings, waits for the answers to those under way, leaves. Repeated calls answer the same. */
  finish(withinMs?: number): Promise<FleetResult>;
  /** Rejects when a thread died, which is a fault of this program; else it never settles. */
  readonly died: Promise<never>;
}

/** Starts the threads; they dial at once. Rejects with `server-unknown` where the server's name has no address. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const plan: FleetPlan = {
    ...options,
    host: await addressOf(options.host),
    epoch: randomBytes(4).toString('hex'),
    warmUpMs: options.warmUpMs ?? 0,
    reconnectMsMax: options.reconnectMsMax ?? limits.reconnectMsMax,
  };
  const threads = Array.from({ length: plan.threads }, (_, thread) => new FleetThread({ plan, thread }));
  const died = Promise.race(threads.map((thread) => thread.died));
  // Whoever waits for something else hears of it there.
  died.catch(() => undefined);
  let finished: Promise<FleetResult> | undefined;
  const begun = Promise.race([begin(threads, () => finished === undefined), died]);
  begun.catch(() => undefined);
  return {
    died,
    begun,
    counts: () => sumOf(threads.flatMap(({ counts }) => counts ?? [])),
    async ledger() {
      const all = Promise.all(threads.map((thread) => thread.request({ type: 'ledger' })));
      return (await Promise.race([all, died])).flatMap((reply) => ('lines' in reply ? reply.lines : []));
    },
    finish: (withinMs = finishMsMax) => (finished ??= Promise.race([finish(threads, withinMs), died])),
  };
}

async function begin(threads: readonly FleetThread[], stillWanted: () => boolean): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, registerMsMax).unref()));
  await Promise.race([Promise.all(threads.map((thread) => thread.registered)), late]);
  clearTimeout(timer);
  if (!stillWanted()) return;
  const startMs = performance.timeOrigin + performance.now();
  for (const thread of threads) thread.tell({ type: 'begin', startMs });
}

async function finish(threads: readonly FleetThread[], withinMs: number): Promise<FleetResult> {
  const replies = await Promise.all(threads.map((thread) => thread.request({ type: 'finish', withinMs })));
  return {
    counts: sumOf(threads.flatMap(({ counts }) => counts ?? [])),
    ledger: replies.flatMap((reply) => ('lines' in reply ? reply.lines : [])),
  };
}

class FleetThread {
  readonly #worker: Worker;
  readonly #waiting: ((reply: ThreadReply) => void)[] = [];
  readonly registered: Promise<void>;
  readonly died: Promise<never>;
  counts: Counts | undefined;

  constructor(workerData: ThreadData) {
    // Node.js runs this module from the source or from the build.
    const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./fleet-thread.${ending}`, import.meta.url), { workerData });
    let tellRegistered: () => void = () => undefined;
    this.registered = new Promise((resolve) => (tellRegistered = resolve));
    this.#worker.on('message', (reply: ThreadReply) => {
      if ('counts' in reply) this.counts = reply.counts;
      if (reply.type === 'registered') tellRegistered();
      if (reply.type === 'ledger' || reply.type === 'finished') this.#waiting.shift()?.(reply);
    });
    this.died = new Promise((_, reject) => {
      this.#worker.on('error', reject);
    });
  }

  tell(request: ThreadRequest): void {
    this.#worker.postMessage(request, []);
  }

  request(request: ThreadRequest): Promise<ThreadReply> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.tell(request);
    });
  }
}

/** Looked up once: five thousand clients that dial are no test of a name server. */
async function addressOf(host: string): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (cause) {
    throw new CodedError(
      'server-unknown',
      `${host} has no address (${reasonOf(cause)}); check the name after --server`,
      { cause },
    );
  }
}
