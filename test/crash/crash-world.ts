import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startFleet, type Fleet } from '../../src/fleet/fleet.ts';
import { checkStore } from '../../src/store/sqlite/check.ts';
import { Random } from '../sim/random.ts';
import { ClientProcess } from './client-process.ts';
import { freePort } from '../free-port.ts';
import { ServerProcess } from './server-process.ts';
import { wrongContent } from './simulated-content.ts';
import { compare, readStored } from './stored.ts';

const simulatedUnits = 200;
const realClients = 2;
/** Between two kills; a server is up and its units have registered again after some tenths of a second. */
const lifeMs = { from: 200, to: 1_500 };
/** For what was in a spool to be delivered after the last kill. */
const deliveryMsMax = 60_000;
const finishMs = 30_000;

export interface CrashOutcome {
  readonly serverKills: number;
  readonly clientKills: number;
  /** Readings that the fleet was acknowledged. */
  readonly acknowledged: number;
  /** Readings that clients had in their spools when they were killed. */
  readonly spooled: number;
  readonly stored: number;
  /** What is wrong, in words; empty when the promise held. */
  readonly problems: readonly string[];
}

type Victim = 'server' | 'client' | 'both';

/**
 * A server under the full load of a fleet, and clients with spools, real processes all, of which one or the other is killed again and again. Looks after each restart
 * whether all that was acknowledged is stored, once, and at the end whether all that was in a spool has arrived.
 */
export async function runCrashWorld(rounds: number, seed: number): Promise<CrashOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'telemetry-crash-'));
  try {
    const random = new Random(seed);
    const options = { dataDir: join(folder, 'server'), logDir: folder, port: await freePort() };
    await using world = new CrashWorld(folder, random, options, await ServerProcess.start(options));
    await world.begin();
    for (let round = 1; round <= rounds; round += 1) await world.round(round);
    return await world.end();
  } finally {
    await rm(folder, { recursive: true });
  }
}

type ServerOptions = Parameters<typeof ServerProcess.start>[0];

class CrashWorld implements AsyncDisposable {
  readonly #random: Random;
  readonly #options: ServerOptions;
  readonly #clients: readonly ClientProcess[];
  readonly #spooled = new Map<string, Set<string>>();
  readonly #problems: string[] = [];
  #server: ServerProcess;
  #fleet: Fleet | undefined;
  #serverKills = 0;
  #clientKills = 0;

  constructor(folder: string, random: Random, options: ServerOptions, server: ServerProcess) {
    this.#random = random;
    this.#options = options;
    this.#server = server;
    this.#clients = Array.from({ length: realClients }, (_, index) => {
      const name = `client-${index + 1}`;
      return new ClientProcess({ name, stateDir: join(folder, name), port: options.port });
    });
  }

  get #store(): string {
    return join(this.#options.dataDir, 'store');
  }

  async begin(): Promise<void> {
    const { port } = this.#options;
    const size = { clients: simulatedUnits, threads: 1, readingsPerSecond: undefined };
    const chance = { loss: 0.000_1, seed: this.#random.integer(0, 2 ** 31) };
    this.#fleet = await startFleet({ host: '127.0.0.1', port, ...size, ...chance, name: 'fleet', reconnectMsMax: 500 });
    await this.#fleet.begun;
  }

  async round(round: number): Promise<void> {
    await wait(this.#random.between(lifeMs.from, lifeMs.to));
    const victim = this.#random.pick<Victim>(['server', 'server', 'client', 'both']);
    const client = this.#random.pick(this.#clients);
    await Promise.all([
      victim === 'client' ? undefined : this.#killServer(round),
      victim === 'server' ? undefined : this.#killClient(client),
    ]);
  }

  async end(): Promise<CrashOutcome> {
    const { counts, ledger } = await this.#running.finish(finishMs);
    if (counts.unanswered > 0) this.#problems.push(`${counts.unanswered} readings of the fleet stay unanswered`);
    this.#problems.push(...counts.faults);
    await this.#delivered();
    for (const client of this.#clients) {
      const { code } = await client.stop();
      if (code !== 0) this.#problems.push(`${client.name} left with exit code ${code}: ${client.errors}`);
    }
    const code = await this.#server.stop();
    if (code !== 0) this.#problems.push(`the server left with exit code ${code}: ${this.#server.story}`);
    const stored = readStored(this.#store, wrongContent);
    this.#problems.push(...stored.problems, ...compare(ledger, stored), ...(await checkStore(this.#store)).problems);
    return {
      serverKills: this.#serverKills,
      clientKills: this.#clientKills,
      acknowledged: counts.acknowledged,
      spooled: [...this.#spooled.values()].reduce((sum, labels) => sum + labels.size, 0),
      stored: stored.readings,
      problems: this.#problems,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#fleet?.finish(0);
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }

  get #running(): Fleet {
    if (this.#fleet === undefined) throw new Error('the fleet has not begun');
    return this.#fleet;
  }

  async #killServer(round: number): Promise<void> {
    await this.#server.kill();
    this.#serverKills += 1;
    // No acknowledgement can come any more, but some may still be on their way through the fleet's sockets: they count at the next kill.
    const before = await this.#running.ledger();
    this.#server = await ServerProcess.start(this.#options);
    const stored = readStored(this.#store);
    // The fleet has found the new server by now, and may have sent more: what it has sent counts as of now, what it was acknowledged as of the kill.
    const acknowledged = new Map(before.map((line) => [`${line.unit} ${line.epoch}`, line.acknowledged]));
    const ledger = (await this.#running.ledger()).map(({ unit, client_id, epoch, sent, refused }) => {
      return { unit, client_id, epoch, sent, refused, acknowledged: acknowledged.get(`${unit} ${epoch}`) ?? 0 };
    });
    for (const problem of [...stored.problems, ...compare(ledger, stored)])
      this.#problems.push(`round ${round}: ${problem}`);
  }

  async #killClient(client: ClientProcess): Promise<void> {
    const labels = this.#spooled.get(client.name) ?? new Set();
    for (const label of await client.kill()) labels.add(label);
    this.#spooled.set(client.name, labels);
    this.#clientKills += 1;
    client.restart();
  }

  /** Waits until the server has all that was in a spool at a kill. */
  async #delivered(): Promise<void> {
    const untilMs = performance.now() + deliveryMsMax;
    for (;;) {
      const missing = this.#missing();
      if (missing.length === 0) return;
      if (performance.now() > untilMs) {
        this.#problems.push(
          `${missing.length} readings were in a spool and never arrived: ${missing.slice(0, 5).join(', ')}`,
        );
        return;
      }
      await wait(250);
    }
  }

  #missing(): readonly string[] {
    // Epochs are drawn at random from 2^32, so an epoch tells the client.
    const highest = new Map([...readStored(this.#store).highest].map(([label, seq]) => [label.split(' ')[1], seq]));
    return [...this.#spooled.values()].flatMap((labels) =>
      [...labels].filter((label) => {
        const [epoch, seq] = label.split(' ');
        return (highest.get(epoch) ?? 0) < Number(seq);
      }),
    );
  }
}
