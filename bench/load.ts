import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DialectName } from './dialects.ts';
import type { LoadScheme } from './load-socket.ts';

const replyMsMax = 240_000;

/** What a process of the load is to do. */
export interface LoadPlan {
  readonly port: number;
  readonly dialect: DialectName;
  /** Over TLS each unit has a key of its own, which the server asks for. */
  readonly scheme: LoadScheme;
  readonly connections: number;
  /** Units are called this, a hyphen, and a number from 0. */
  readonly name: string;
  /** From the number of one unit to that of the one that is due after it, around their count, with which it shares no divisor: with more than 1, who are neighbours by name do not send at about the same time. */
  readonly nameStride: number;
  /** Three numbers of the addresses from which they dial, such as `127.1.0`; left to the system where it is not given. */
  readonly subnet?: string;
  /** How many dial at a time. */
  readonly diallingMax: number;
  /** Readings that a unit sends together, in one piece, as a client does with a round; their answers count as one. More than one only to servers that speak our dialect. */
  readonly readingsASend: number;
}

export interface OpenPace {
  /** Readings of all units together, each due at its own moment; rounds, where a unit sends several readings together. */
  readonly perSecond: number;
  readonly seconds: number;
}

export interface LoadResult {
  /** From the first reading to the last answer. */
  readonly elapsedMs: number;
  readonly answers: number;
  /** Of an open loop: counts of a `Histogram` of src/fleet, from when a reading was due to its answer. */
  readonly latency: Float64Array;
}

export type LoadRequest =
  | { readonly type: 'closed'; readonly frames: number }
  | { readonly type: 'open'; readonly pace: OpenPace }
  | { readonly type: 'rest' }
  | { readonly type: 'reconnect' };

export type LoadReply =
  { readonly type: 'ready'; readonly elapsedMs: number } | { readonly type: 'done'; readonly result: LoadResult };

/** Units on a server, in a process of their own. Leaving the block of `using` ends it. */
export interface Load extends Disposable {
  /** From the first connection that was dialled until all units could send. */
  readonly readyMs: number;
  /** Closed loop: sends until `frames` have been answered. */
  answer(frames: number): Promise<LoadResult>;
  open(pace: OpenPace): Promise<LoadResult>;
  /** Closed loop until `rest`, which resolves when all is answered. */
  keepBusy(): { rest(): Promise<LoadResult> };
  /** Cuts all connections, and dials them again at once. Milliseconds from the first that was dialled until all units could send. */
  reconnect(): Promise<number>;
}

/** Resolves when all units can send: 1,000 of ours, a few hundred at a time, unless `plan` says otherwise. */
export async function startLoad(port: number, plan: Partial<Omit<LoadPlan, 'port'>> = {}): Promise<Load> {
  const whole: LoadPlan = {
    dialect: 'telemetry',
    scheme: 'tcp',
    connections: 1_000,
    name: 'unit',
    nameStride: 1,
    diallingMax: 200,
    readingsASend: 1,
    ...plan,
    port,
  };
  const program = fork(fileURLToPath(new URL('load-program.ts', import.meta.url)), [JSON.stringify(whole)], {
    // Typed arrays and Infinity arrive as what they are.
    serialization: 'advanced',
  });
  const ask = async (request: LoadRequest): Promise<LoadResult> => {
    program.send(request);
    const reply = await replyOf(program);
    if (reply.type !== 'done') throw new Error(`the load said ${reply.type} for done`);
    return reply.result;
  };
  const untilReady = async (): Promise<number> => {
    const reply = await replyOf(program);
    if (reply.type !== 'ready') throw new Error(`the load said ${reply.type} for ready`);
    return reply.elapsedMs;
  };
  return {
    readyMs: await untilReady(),
    answer: (frames) => ask({ type: 'closed', frames }),
    open: (pace) => ask({ type: 'open', pace }),
    keepBusy: () => {
      const done = ask({ type: 'closed', frames: Number.POSITIVE_INFINITY });
      // Whoever rests hears of it.
      done.catch(() => undefined);
      return {
        rest: () => {
          program.send({ type: 'rest' } satisfies LoadRequest);
          return done;
        },
      };
    },
    reconnect: () => {
      program.send({ type: 'reconnect' } satisfies LoadRequest);
      return untilReady();
    },
    [Symbol.dispose]: () => void program.kill('SIGKILL'),
  };
}

async function replyOf(program: ChildProcess): Promise<LoadReply> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(replyMsMax)]);
  const ended = once(program, 'exit', { signal }).then(() => {
    throw new Error('the load ended early');
  });
  try {
    const answer: unknown[] = await Promise.race([once(program, 'message', { signal }), ended]);
    return answer[0] as LoadReply;
  } finally {
    ended.catch(() => undefined);
    over.abort();
  }
}
