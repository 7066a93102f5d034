import { PassThrough, Readable, Writable } from 'node:stream';
import type { Patience } from '../../src/app/ctl/patience.ts';
import type { Keyboard } from '../../src/app/ctl/password-input.ts';
import type { Terminal } from '../../src/app/ctl/terminal.ts';
import { runTelemetryctl } from '../../src/app/ctl/run-telemetryctl.ts';

/** So that tests of what fails do not take as long as a person would wait. */
export const impatient: Partial<Patience> = {
  retryFirstMs: 5,
  reconnectFirstMs: 5,
  reconnectMsMax: 20,
  pollFirstMs: 1,
  pollMsMax: 5,
};

export interface Run {
  readonly exitCode: Promise<0 | 1 | 2>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly end: () => void;
}

export interface RunOptions {
  readonly api?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly patience?: Partial<Patience>;
  readonly stdout?: Writable;
  /** What is typed, or piped into it. */
  readonly stdin?: Keyboard;
  /** What fills all of it finds there; without one, none. */
  readonly terminal?: Terminal;
  readonly hostname?: string;
  readonly euid?: number;
  readonly homedir?: string;
}

/** Runs telemetryctl in this process; `line` is split at spaces. */
export function start(line: string | readonly string[], options: RunOptions = {}): Run {
  const out: string[] = [];
  const errors: string[] = [];
  const abort = new AbortController();
  const words = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const exitCode = runTelemetryctl({
    argv: [...(options.api === undefined ? [] : ['--api', options.api]), ...words],
    env: options.env ?? {},
    cwd: process.cwd(),
    platform: process.platform,
    euid: options.euid ?? 1000,
    homedir: options.homedir ?? '/nowhere',
    hostname: options.hostname ?? 'hub.example',
    userName: () => 'ada',
    stdin: () => options.stdin ?? Readable.from([]),
    stdout: options.stdout ?? collector(out),
    stderr: collector(errors),
    signal: abort.signal,
    isTerminal: options.isTerminal ?? false,
    columns: options.columns,
    terminal: () => options.terminal,
    patience: { ...impatient, ...options.patience },
  });
  return { exitCode, stdout: () => out.join(''), stderr: () => errors.join(''), end: () => abort.abort() };
}

/** Runs it to its end. */
export async function run(
  line: string | readonly string[],
  options: RunOptions = {},
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const started = start(line, options);
  return { exitCode: await started.exitCode, stdout: started.stdout(), stderr: started.stderr() };
}

function collector(texts: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      texts.push(String(chunk));
      done();
    },
  });
}

/** A reader of standard output that takes nothing until it is told to. */
export function lazyOutput(): PassThrough {
  return new PassThrough({ highWaterMark: 1 });
}
