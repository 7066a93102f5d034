import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One line of a program's standard output that is a JSON object: a log event of ours, or what a test double saw. */
export type LogEvent = Readonly<Record<string, unknown>>;

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of the test, from which all `TELEMETRY_` variables are left out. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program under test. Leaving the block of `await using` ends it, whatever the test did. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Every JSON object that it has printed so far, in order. */
  readonly events: readonly LogEvent[];
  /** What it has written to standard error so far. */
  readonly errors: () => string;
  /** Settles when the program has ended and all of its output is in `events`. */
  readonly ended: Promise<Ending>;
  /**
   * The first event from index `from` on (0, if left out) that has all of `wanted`'s members with equal values, or that
   * `wanted` says yes to. Rejects with all output when the program ends without it, or after `withinMs` (40 s).
   */
  event(
    wanted: LogEvent | ((event: LogEvent) => boolean),
    options?: { readonly from?: number; readonly withinMs?: number },
  ): Promise<LogEvent>;
  /** Writes a line to its standard input. */
  write(line: string): void;
  /** Sends `SIGTERM`, and `SIGKILL` where it has not ended after `withinMs` (40 s). */
  stop(options?: { readonly signal?: NodeJS.Signals; readonly withinMs?: number }): Promise<Ending>;
}

const patienceMs = 40_000;
/** A program that prints more than this in a test is out of hand. */
const eventsMax = 100_000;

/** Starts a program of `src/bin/` on the Node.js that runs the test. */
export function startDaemon(
  name: 'telemetry-server' | 'telemetry-client' | 'telemetryctl',
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  const file = fileURLToPath(new URL(`../src/bin/${name}.ts`, import.meta.url));
  return startProgram({ command: process.execPath, args: [file, ...args], env });
}

/** Starts a program and reads its output as it comes. */
export function startProgram({ command, args, env = {} }: ProgramOptions): Program {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TELEMETRY_'));
  const child = spawn(command, args, { env: { ...Object.fromEntries(inherited), ...env } });
  const events: LogEvent[] = [];
  const waiting = new Set<() => void>();
  let errors = '';
  let ending: Ending | undefined;

  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parseEvent(line);
    if (event === undefined) errors += `${line}\n`;
    else if (events.push(event) > eventsMax) child.kill('SIGKILL');
    for (const look of waiting) look();
  });
  // Writing to a program that has gone is found out by its ending.
  child.stdin.on('error', () => undefined);

  const ended = new Promise<Ending>((resolve) => {
    const finish = (found: Ending): void => {
      ending = found;
      resolve(found);
      for (const look of waiting) look();
    };
    child.once('error', (error) => {
      errors += `${error.message}\n`;
      finish({ code: null, signal: null });
    });
    child.once('close', (code, signal) => finish({ code, signal }));
  });

  const story = (): string =>
    [command, ...args].join(' ') + '\n' + events.map((event) => JSON.stringify(event)).join('\n') + '\n' + errors;

  const event: Program['event'] = (wanted, { from = 0, withinMs = patienceMs } = {}) => {
    const matches = typeof wanted === 'function' ? wanted : (candidate: LogEvent) => hasMembers(candidate, wanted);
    const what = typeof wanted === 'function' ? wanted.toString() : JSON.stringify(wanted);
    let next = from;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        waiting.delete(look);
        act();
      };
      const look = (): void => {
        for (; next < events.length; next += 1) {
          const candidate = events[next];
          if (candidate !== undefined && matches(candidate)) return settle(() => resolve(candidate));
        }
        if (ending !== undefined) settle(() => reject(new Error(`ended without ${what}: ${story()}`)));
      };
      const timer = setTimeout(() => {
        settle(() => reject(new Error(`no ${what} within ${withinMs} ms: ${story()}`)));
      }, withinMs);
      waiting.add(look);
      look();
    });
  };

  const stop: Program['stop'] = async ({ signal = 'SIGTERM', withinMs = patienceMs } = {}) => {
    if (ending !== undefined) return ending;
    const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
    child.kill(signal);
    return ended.finally(() => clearTimeout(timer));
  };

  return {
    pid: child.pid ?? 0,
    events,
    errors: () => errors,
    ended,
    event,
    write: (line) => void child.stdin.write(`${line}\n`),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop({ signal: 'SIGKILL' })),
  };
}

function parseEvent(line: string): LogEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function hasMembers(event: LogEvent, wanted: LogEvent): boolean {
  return Object.entries(wanted).every(([name, value]) => event[name] === value);
}
