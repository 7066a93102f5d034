import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ChildOptions {
  /** This Node.js unless it is given. */
  readonly program?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it may write to the bench's standard error. Our own programs may: what they say there is a fault. */
  readonly errors?: 'shown' | 'hidden';
}

/** The longest that a server of ours takes to leave. */
const leaveMsMax = 30_000;

/** A program under measurement. Leaving the block of `await using` ends it. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly pid: number;
  #output = '';

  /** Starts it with `args`. Its environment has nothing of telemetry's, but what is given. */
  constructor(args: readonly string[], { program = process.execPath, environment = {}, errors }: ChildOptions = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(?:TELEMETRY_|NODE_)/.test(name));
    this.#process = spawn(program, args, {
      env: { ...Object.fromEntries(inherited), ...environment },
      stdio: ['ignore', 'pipe', errors === 'hidden' ? 'ignore' : 'inherit'],
    });
    this.pid = this.#process.pid ?? 0;
    // `close` comes when its output has been read to the end.
    this.#exit = once(this.#process, 'close');
    this.#exit.catch(() => undefined);
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Resolves with the first line of its output that `pattern` matches. Rejects after `withinMs`, or when it ends. */
  async line(pattern: RegExp, withinMs = 10_000): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(withinMs);
    while (true) {
      const match = pattern.exec(this.#output);
      if (match !== null) return match;
      if (this.hasEnded) throw new Error(`it ended without ${pattern}: ${this.#output}`);
      await Promise.race([
        once(this.#process.stdout ?? this.#process, 'data', { signal }),
        once(this.#process, 'exit'),
      ]);
    }
  }

  /** Waits for its end, `SIGTERM` or not, and resolves with all of its output. Rejects where it failed. */
  async end(signal?: 'SIGTERM', withinMs = leaveMsMax): Promise<string> {
    if (signal !== undefined) this.#process.kill(signal);
    const late = setTimeout(() => this.#process.kill('SIGKILL'), withinMs);
    await this.#exit;
    clearTimeout(late);
    const { exitCode, signalCode, spawnargs } = this.#process;
    if (exitCode !== 0)
      throw new Error(`${spawnargs.join(' ')}: ended with ${exitCode ?? signalCode}: ${this.#output}`);
    return this.#output;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.hasEnded) this.#process.kill('SIGKILL');
    await this.#exit;
  }
}
