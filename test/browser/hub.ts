import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDaemon, startProgram, type Program } from '../program.ts';

/** A browser, a server and a dozen clients share what may be a busy machine. */
const withinMs = 30_000;

/** How the server is started, besides where it listens and keeps its data. */
export interface HubOptions {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The real server with its real clients, as a user starts them, in a folder of its own. */
export class BrowsedHub implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'telemetry-browsed-'));
  readonly #options: HubOptions;
  readonly #clients = new Set<Program>();
  #server: Program | undefined;
  #ports = { tcp: 0, http: 0 };

  private constructor(options: HubOptions) {
    this.#options = options;
  }

  /** Resolves when it listens. */
  static async start(options: HubOptions = {}): Promise<BrowsedHub> {
    const hub = new BrowsedHub(options);
    await hub.startServer();
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#ports.http}`;
  }

  /** Where plain TCP is spoken. */
  get tcpPort(): number {
    return this.#ports.tcp;
  }

  get server(): Program {
    if (this.#server === undefined) throw new Error('the server is stopped');
    return this.#server;
  }

  get dataDir(): string {
    return join(this.folder, 'server');
  }

  /** On the ports that it had before, where it had any. */
  async startServer(): Promise<void> {
    const { tcp, http } = this.#ports;
    const where = [
      '--listen',
      `tcp://127.0.0.1:${tcp}`,
      '--listen',
      'tls://127.0.0.1:0',
      '--http',
      `127.0.0.1:${http}`,
    ];
    const { flags = [], env = {} } = this.#options;
    const settings = ['--data-dir', this.dataDir, '--log-format', 'json', ...flags];
    const server = startDaemon('telemetry-server', [...where, ...settings], env);
    this.#server = server;
    const port = async (listener: string): Promise<number> =>
      Number((await server.event({ event: 'listening', listener }, { withinMs }))['port']);
    this.#ports = { http: await port('http'), tcp: await port('tcp') };
  }

  async stopServer(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.server.stop({ signal });
    this.#server = undefined;
  }

  /** A real client of this machine; resolves when it is registered. */
  async startClient(name: string, ...flags: readonly string[]): Promise<Program> {
    const where = ['--server', `127.0.0.1:${this.#ports.tcp}`];
    const client = this.launchClient(name, ...where, '--name', name, ...flags);
    await client.event({ event: 'connected' }, { withinMs });
    return client;
  }

  /** `telemetry-client` with `args` and a state folder of that name, whatever becomes of it. */
  launchClient(name: string, ...args: readonly string[]): Program {
    const client = startDaemon('telemetry-client', [...args, '--state-dir', join(this.folder, name)]);
    this.#clients.add(client);
    return client;
  }

  /** What `telemetryctl` does; it has to succeed. `input` is what is piped in. */
  async ctl(args: readonly string[], input = ''): Promise<void> {
    await using program = startDaemon('telemetryctl', args, { TELEMETRY_API: this.url });
    program.write(input);
    const { code } = await program.ended;
    if (code !== 0) throw new Error(`telemetryctl ${args.join(' ')} ended with ${code}: ${program.errors()}`);
  }

  /** Simulated clients, `fleet-1`, `fleet-2` …, each with a reading a second; resolves when all are registered. */
  async startFleet(clients: number, name = 'fleet'): Promise<void> {
    const file = fileURLToPath(new URL('../../src/bin/telemetry-fleet.ts', import.meta.url));
    const where = ['--server', `127.0.0.1:${this.#ports.tcp}`, '--name', name];
    const load = ['--clients', String(clients), '--rate', String(clients), '--threads', '1'];
    this.#clients.add(startProgram({ command: process.execPath, args: [file, ...where, ...load] }));
    for (let number = 1; number <= clients; number += 1)
      await this.server.event({ event: 'registered', unit: `${name}-${number}` }, { withinMs });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client.stop({ signal: 'SIGKILL' });
    await this.#server?.stop({ signal: 'SIGKILL' });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
