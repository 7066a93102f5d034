import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { caseMsMax, type Order, type Told } from './fuzzing-process.ts';

/** An input that a target did not take as it must. */
export interface Fall {
  readonly input: Uint8Array;
  readonly words: string;
}

export interface Result {
  readonly cases: number;
  /** How many different things became of them. */
  readonly outcomes: number;
  readonly runMs: number;
  readonly falls: readonly Fall[];
  readonly kept: readonly string[];
}

/** A process that tells nothing for this long hangs: it tells at least every quarter of a second between cases, and shrinking takes a while. */
const silenceMsMaxDefault = caseMsMax + 3_000;
/** It loads its target first, on a machine that may be busy. */
const startMsMax = 60_000;
/** More than any target needs, less than an input may make it take. */
const heapMiBMax = 512;
const errorTextMax = 4_000;
const program = fileURLToPath(new URL('fuzzing-process.ts', import.meta.url));

/** Fuzzes one target in a process of its own. A case that hangs, or that the process dies of, is a fall, and ends the campaign. */
export async function campaign(order: Omit<Order, 'inputFile'>, silenceMsMax = silenceMsMaxDefault): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-fuzz-'));
  const inputFile = join(folder, 'input');
  try {
    return await watched({ ...order, inputFile }, { folder, silenceMsMax });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function watched(
  order: Order,
  { folder, silenceMsMax }: { readonly folder: string; readonly silenceMsMax: number },
): Promise<Result> {
  // Nothing of the caller's own flags: the process runs as the programs do.
  const child = fork(program, [JSON.stringify(order)], {
    execArgv: [`--max-old-space-size=${heapMiBMax}`],
    env: { ...process.env, TMPDIR: folder, TEMP: folder },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    const falls: Fall[] = [];
    const kept: string[] = [];
    let figures = { cases: 0, outcomes: 0, runMs: 0 };
    let isDone = false;
    let hangs = false;
    let errors = '';
    const end = (): void => {
      hangs = true;
      child.kill('SIGKILL');
    };
    let watchdog = setTimeout(end, startMsMax);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-errorTextMax);
    });
    child.on('message', (message) => {
      const told = message as Told;
      clearTimeout(watchdog);
      watchdog = setTimeout(end, silenceMsMax);
      if (told.type === 'fell') falls.push({ input: Buffer.from(told.input, 'base64'), words: told.words });
      else if (told.type === 'kept') kept.push(told.file);
      else {
        figures = { cases: told.cases, outcomes: told.outcomes, runMs: told.runMs };
        isDone = told.type === 'done';
      }
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(watchdog);
      const gone = hangs ? `it hung: nothing was heard of it for ${silenceMsMax} ms` : `it died (${code ?? signal})`;
      if (!isDone || code !== 0) {
        const words = isDone ? `it did not end as it should (${code ?? signal})\n${errors}` : `${gone}\n${errors}`;
        falls.push({ input: inputIn(order.inputFile), words: words.trim() });
      }
      resolve({ ...figures, falls, kept });
    });
  });
}

/** What was being run when the process ended. */
function inputIn(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file);
    return bytes.length < 4 ? bytes : bytes.subarray(4, 4 + bytes.readUInt32LE());
  } catch {
    // It ended before its first case; its words say why.
    return new Uint8Array();
  }
}
