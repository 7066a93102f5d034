import type { Fields } from '../../src/core/log.ts';
import type { TakenReading } from '../../src/core/reading.ts';
import { Hub } from '../../src/server/hub.ts';
import type { Peer } from '../../src/server/unit.ts';
import type { ServerInput } from '../../src/session/server-contract.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Directory, Store } from '../../src/store/contract.ts';
import { StillClock } from '../store/still-clock.ts';

/** A hub without sockets: a test says what the sessions of its connections want. */
export class PlayedServer {
  readonly clock: StillClock;
  readonly hub: Hub;
  readonly events: { readonly event: string; readonly fields: Fields }[] = [];

  constructor(store: Store & Directory = new MemoryStore(), clock: StillClock = new StillClock()) {
    this.clock = clock;
    let ids = 0;
    this.hub = new Hub({
      store,
      clock,
      defer: (task) => void setImmediate(task),
      randomId: () => `unit-${(ids += 1)}`,
      randomToken: () => 'token',
      sendDatagram: () => undefined,
      allowOtherAddress: false,
      intervalSeconds: 10,
    });
    this.hub.feed.subscribe({
      event: ({ event, fields }) => void this.events.push({ event, fields }),
      readings: () => undefined,
    });
  }

  /** A server over what another one has stored. */
  static async over(store: Store & Directory, clock?: StillClock): Promise<PlayedServer> {
    const server = new PlayedServer(store, clock);
    await server.hub.restore();
    return server;
  }

  /** The fields of all events of that name. */
  told(event: string): Fields[] {
    return this.events.filter((one) => one.event === event).map(({ fields }) => fields);
  }

  /** Why readings of the unit are missing; seconds since 1970, and whether they are known. */
  async gaps(clientId: string): Promise<string[]> {
    const gaps = (await this.hub.gaps(clientId, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)) ?? [];
    return gaps.map(({ reason, sensor, from, to }) =>
      [reason, ...(sensor === undefined ? [] : [sensor]), `${seconds(from)}-${to === null ? '' : seconds(to)}`].join(
        ' ',
      ),
    );
  }
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}

/** No number is given twice, whatever the epoch. */
let lastSeq = 1_000;

/** One connection of a v2 client. */
export class PlayedConnection implements Peer {
  readonly peerAddress: string;
  readonly peerPort = 4_000;
  readonly localAddress = '192.0.2.1';
  readonly intervalTries = 0;
  readonly inputs: ServerInput[] = [];
  readonly #server: PlayedServer;
  #epoch = '';
  #outcomes = 0;

  constructor(server: PlayedServer, peerAddress = '192.0.2.7') {
    this.#server = server;
    this.peerAddress = peerAddress;
    server.hub.reception.accept(this);
  }

  input(input: ServerInput): void {
    this.inputs.push(input);
  }

  stored(): void {
    this.#outcomes += 1;
  }

  flush(): void {}

  /** Registers, under its name or as the unit of that id; the id that it is told. */
  async register(epoch: string, id?: string): Promise<string> {
    this.#epoch = epoch;
    const registration = { name: 'u', ip: '192.0.2.7', udpPort: 0, time: '', v: 2, epoch, id } as const;
    this.#server.hub.reception.perform({ type: 'register', registration }, this);
    for (;;) {
      await turn();
      for (const input of this.inputs) {
        if (input.type !== 'registered') continue;
        this.#state('online', 'registered');
        return input.registered.clientId;
      }
    }
  }

  /** Readings of these sensors, taken at that second; without an epoch they are live. */
  async round(at: number, sensors: readonly string[] = ['cpu'], epoch = this.#epoch): Promise<void> {
    const before = this.#outcomes;
    for (const sensor of sensors) {
      lastSeq += 1;
      this.store({ epoch, seq: lastSeq, time: at * 1000, sensor, values: {} });
    }
    while (this.#outcomes < before + sensors.length) await turn();
  }

  async rounds(from: number, to: number, sensors?: readonly string[], epoch?: string): Promise<void> {
    for (let at = from; at <= to; at += 10) await this.round(at, sensors, epoch);
  }

  store(reading: TakenReading): void {
    this.#server.hub.reception.perform({ type: 'store', reading }, this);
  }

  async lose(): Promise<void> {
    this.#state('lost', 'the connection broke');
    await this.#close();
  }

  async leave(): Promise<void> {
    this.#state('disconnected', 'the client said !DISC');
    await this.#close();
  }

  #state(state: 'online' | 'lost' | 'disconnected', reason: string): void {
    this.#server.hub.reception.perform({ type: 'state', state, reason }, this);
  }

  async #close(): Promise<void> {
    this.#server.hub.reception.perform({ type: 'close', reason: 'closed' }, this);
    // What it left to be stored is through.
    for (let turns = 0; turns < 4; turns += 1) await turn();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
