import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../src/bin/telemetry-server.ts', import.meta.url));
const linesMax = 100;
const eventMsMax = 60_000;

export interface ServerProcessOptions {
  /** Where its data and its log go; a log in a folder of its own where the data's disk is to fill up. */
  readonly dataDir: string;
  readonly logDir: string;
  readonly port: number;
}

type Event = Readonly<Record<string, unknown>>;

/** A telemetry-server with a store on disk, in a process of its own. Of what it prints only the end is kept, so it may run for days. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly port: number;
  readonly #exited: Promise<unknown>;
  readonly #lines: string[] = [];
  readonly #looks = new Set<(event: Event) => void>();
  #errors = '';

  private constructor({ dataDir, logDir, port }: ServerProcessOptions) {
    this.port = port;
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TELEMETRY_'));
    const args = ['--listen', `tcp://127.0.0.1:${port}`, '--http', 'off', '--interval', '0.1', '--data-dir', dataDir];
    this.#child = spawn(process.execPath, [program, ...args, '--log-file', join(logDir, 'server.log')], {
      env: { ...Object.fromEntries(inherited), TELEMETRY_STORE_KIND: 'sqlite', TELEMETRY_LOG_FORMAT: 'json' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('a server without output');
    stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors = (this.#errors + text).slice(-10_000)));
    createInterface({ input: stdout }).on('line', (line) => {
      this.#lines.push(line);
      if (this.#lines.length > linesMax) this.#lines.shift();
      if (line.startsWith('{')) for (const look of this.#looks) look(JSON.parse(line) as Event);
    });
    this.#exited = once(this.#child, 'close');
  }

  /** Resolves when it listens; rejects with what it printed when it does not. */
  static async start(options: ServerProcessOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    await server.event((event) => event['event'] === 'listening' && event['listener'] === 'tcp');
    return server;
  }

  /** Runs a server that is to end by itself: its exit code and what it said on standard error. A server that stays is killed and rejected. */
  static async runToEnd(
    options: ServerProcessOptions,
  ): Promise<{ readonly code: number | null; readonly errors: string }> {
    const server = new ServerProcess(options);
    const stays = server.event((event) => event['event'] === 'listening');
    const outcome = await Promise.race([stays.then(() => 'listens' as const), server.#exited]).catch(
      () => server.#exited,
    );
    if (outcome === 'listens') await server.kill();
    else stays.catch(() => undefined);
    return { code: outcome === 'listens' ? Number.NaN : server.#child.exitCode, errors: server.#errors };
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get runs(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The next event of its log that `matches`. */
  event(matches: (event: Event) => boolean): Promise<Event> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#looks.delete(look);
        act();
      };
      const look = (event: Event): void => {
        if (matches(event)) settle(() => resolve(event));
      };
      const fail = (why: string): void => settle(() => reject(new Error(`the server ${why}:\n${this.story}`)));
      const timer = setTimeout(() => fail(`did not say it in ${eventMsMax} ms`), eventMsMax);
      this.#looks.add(look);
      void this.#exited.then(() => fail('has ended'));
    });
  }

  /** What it printed last. */
  get story(): string {
    return [...this.#lines, this.#errors].join('\n');
  }

  /** Ends it where it stands. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Tells it to leave; the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#exited;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.runs) await this.kill();
  }
}
