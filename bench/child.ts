import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A program under measurement. Leaving the block of `await using` ends it. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly pid: number;
  #output = '';

  /** Starts this Node.js with `args`. Its environment has nothing of telemetry's, and `extra`. */
  constructor(args: readonly string[], extra: Readonly<Record<string, string>> = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(?:TELEMETRY_|NODE_)/.test(name));
    this.#process = spawn(process.execPath, args, {
      env: { ...Object.fromEntries(inherited), ...extra },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.pid = this.#process.pid ?? 0;
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
  }

  /** Resolves with the first line of its output that `pattern` matches. Rejects after `withinMs`, or when it ends. */
  async line(pattern: RegExp, withinMs = 10_000): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(withinMs);
    while (true) {
      const match = pattern.exec(this.#output);
      if (match !== null) return match;
      if (this.#process.exitCode !== null) throw new Error(`it ended without ${pattern}: ${this.#output}`);
      await Promise.race([
        once(this.#process.stdout ?? this.#process, 'data', { signal }),
        once(this.#process, 'exit'),
      ]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exit;
  }
}
