/** The process in which a target is fuzzed: `campaign.ts` starts it, watches it, and ends it where an input holds it up. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { keep, keptInputs } from './inputs.ts';
import { Pool } from './pool.ts';
import type { Target } from './target.ts';
import { targetNamed } from './targets.ts';
import { shrunk } from './shrinking.ts';

/** What is asked of the process, as JSON in its first argument. */
export interface Order {
  readonly target: string;
  readonly seed: number;
  /** Inputs beside the kept ones; undefined: as many as the time allows. */
  readonly casesMax?: number;
  readonly runMsMax: number;
  /** Where the input that is being run stands: its length in four bytes, then it. */
  readonly inputFile: string;
  /** Keeps the inputs that lead to what no kept one does, up to this many. */
  readonly growBy: number;
}

export type Told =
  | { readonly type: 'runs'; readonly cases: number; readonly outcomes: number; readonly runMs: number }
  | { readonly type: 'fell'; readonly input: string; readonly words: string }
  | { readonly type: 'kept'; readonly file: string }
  | { readonly type: 'done'; readonly cases: number; readonly outcomes: number; readonly runMs: number };

/** The longest that a case may take. */
export const caseMsMax = 5_000;
const tellMs = 250;
/** Different failures of one run; it ends with the last of them. */
const failuresMax = 5;
/** What is kept of a run should be read by people. */
const keptBytesMax = 1_024;

if (import.meta.main) await fuzz(JSON.parse(process.argv[2] ?? '') as Order);

async function fuzz(order: Order): Promise<void> {
  const target = await targetNamed(order.target).load();
  const kept = keptInputs(order.target);
  const opened = (await target.open?.()) ?? [];
  const pool = new Pool({ ...target, seeds: [...target.seeds, ...opened] }, kept, order.seed);
  const file = openSync(order.inputFile, 'w');
  const failures = new Set<string>();
  const startedMs = performance.now();
  let toldMs = startedMs;
  let cases = 0;
  let left = order.growBy;
  const casesMax = order.casesMax === undefined ? Number.POSITIVE_INFINITY : order.casesMax + pool.firstCount;
  const figures = (): { cases: number; outcomes: number; runMs: number } => ({
    cases,
    outcomes: pool.outcomes,
    runMs: performance.now() - startedMs,
  });
  await tell({ type: 'runs', ...figures() });
  // The kept inputs are run however long they take.
  while (cases < casesMax && (cases < pool.firstCount || performance.now() - startedMs < order.runMsMax)) {
    // Plain, and its own: a `Buffer` cuts and compares in ways of its own.
    const input = Uint8Array.from(pool.next());
    note(file, input);
    const outcome = await outcomeOf(target, input);
    cases += 1;
    if (outcome.type === 'fell') {
      if (!failures.has(outcome.kind)) {
        failures.add(outcome.kind);
        const least = await shrunk(input, async (part) => {
          const smaller = Uint8Array.from(part);
          note(file, smaller);
          const again = await outcomeOf(target, smaller);
          return again.type === 'fell' && again.kind === outcome.kind;
        });
        await tell({ type: 'fell', input: Buffer.from(least).toString('base64'), words: outcome.words });
      }
      if (failures.size >= failuresMax) break;
    } else if (pool.tell(input, outcome.words) && cases > pool.firstCount && left > 0 && input.length <= keptBytesMax) {
      left -= 1;
      await tell({ type: 'kept', file: keep(order.target, input) });
    }
    const nowMs = performance.now();
    if (nowMs - toldMs < tellMs) continue;
    toldMs = nowMs;
    await tell({ type: 'runs', ...figures() });
  }
  await tell({ type: 'done', ...figures() });
  await target.close?.();
  closeSync(file);
  process.disconnect();
}

type Outcome =
  | { readonly type: 'went'; readonly words: string }
  | { readonly type: 'fell'; readonly kind: string; readonly words: string };

async function outcomeOf(target: Pick<Target, 'run'>, input: Uint8Array): Promise<Outcome> {
  const fromMs = performance.now();
  try {
    const words = await target.run(input);
    const tookMs = performance.now() - fromMs;
    if (tookMs <= caseMsMax) return { type: 'went', words };
    return { type: 'fell', kind: 'slow', words: `it took ${Math.round(tookMs)} ms; ${caseMsMax} are allowed` };
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : `thrown: ${String(error)}`;
    // Without numbers, what is quoted, and who called this, two inputs that fall for one cause fall with the same words.
    const [own = ''] = stack.split(/\n\s+at (?:async )?outcomeOf /);
    const [message = '', ...lines] = own.split('\n');
    const frames = lines.filter((line) => /^\s+at /.test(line));
    const kind = [message, ...frames].join('\n').replaceAll(/\d+|(['"`]).*?\1/g, '');
    return { type: 'fell', kind, words: stack };
  }
}

/** Before the input is run: nobody can ask a process that hangs or is gone. */
function note(file: number, input: Uint8Array): void {
  const bytes = Buffer.alloc(4 + input.length);
  bytes.writeUInt32LE(input.length);
  bytes.set(input, 4);
  writeSync(file, bytes, 0, bytes.length, 0);
}

function tell(told: Told): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('it is started by campaign.ts');
    process.send(told, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}
