import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSpool } from '../../src/client/spool/open-spool.ts';
import { systemClock } from '../../src/transport/system-clock.ts';
import { takeCount } from '../client/spool/opened.ts';
import { startDaemon, type Ending, type Program } from '../program.ts';

/** A machine with many sensors, so that a round is many readings. */
const fixture = fileURLToPath(new URL('../fixtures/intel-desktop', import.meta.url));
const spoolBytesMax = 2 ** 26;

export interface ClientProcessOptions {
  readonly name: string;
  readonly stateDir: string;
  readonly port: number;
}

/** A telemetry-client with its spool on disk, in a process of its own, that can be killed and started again on what it left. */
export class ClientProcess implements AsyncDisposable {
  readonly #options: ClientProcessOptions;
  #program: Program;

  constructor(options: ClientProcessOptions) {
    this.#options = options;
    this.#program = start(options);
  }

  get name(): string {
    return this.#options.name;
  }

  /** Kills it where it stands, and answers what it had in its spool then: `epoch seq` of each reading that no server had answered. */
  async kill(): Promise<readonly string[]> {
    await this.#program.stop({ signal: 'SIGKILL' });
    return spooledIn(this.#options.stateDir);
  }

  restart(): void {
    this.#program = start(this.#options);
  }

  /** Tells it to leave, once a server serves it. What it still holds then stays in its spool. */
  async stop(): Promise<Ending> {
    // A program that has just been started is ended by a signal that it does not handle yet.
    await this.#program.event({ event: 'connected' }, { withinMs: 60_000 });
    return this.#program.stop({ withinMs: 30_000 });
  }

  get errors(): string {
    return this.#program.errors();
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#program[Symbol.asyncDispose]();
  }
}

/** Reads the spool of a client that is not running, from a copy: nothing of it is mended or noted before the client itself sees it. */
export async function spooledIn(stateDir: string): Promise<readonly string[]> {
  const copy = await mkdtemp(join(tmpdir(), 'telemetry-spool-'));
  try {
    await cp(join(stateDir, 'spool'), join(copy, 'spool'), { recursive: true });
    await cp(join(stateDir, 'spool-owner'), join(copy, 'spool-owner'));
    const options = { stateDir: copy, bytesMax: spoolBytesMax, sync: 'never', clock: systemClock } as const;
    const { spool, close } = await openSpool({ ...options, drawHex: () => '00000000', log: () => undefined });
    const held = await takeCount(spool, spool.size);
    await close();
    return held.map(({ epoch, seq }) => `${epoch} ${seq}`);
  } finally {
    await rm(copy, { recursive: true });
  }
}

function start({ name, stateDir, port }: ClientProcessOptions): Program {
  const args = [
    '--server',
    `127.0.0.1:${port}`,
    '--name',
    name,
    '--state-dir',
    stateDir,
    '--udp-port',
    'off',
    '--root',
    fixture,
  ];
  return startDaemon('telemetry-client', [...args, '--log-level', 'info'], { TELEMETRY_SPOOL_KIND: 'disk' });
}
