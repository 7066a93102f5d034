import type { Fields } from '../../src/core/log.ts';
import type { TakenReading } from '../../src/core/reading.ts';
import { Hub } from '../../src/server/hub.ts';
import type { Peer } from '../../src/server/unit.ts';
import type { ServerAction, ServerInput } from '../../src/session/server-contract.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Directory, Store } from '../../src/store/contract.ts';
import { serverLimits, type ServerLimits } from '../../src/core/limits.ts';
import type { AuthPolicy } from '../../src/core/machine.ts';
import type { Registration } from '../../src/session/registration.ts';
import { StillClock } from '../store/still-clock.ts';
import { nonceOf, sha256, verify } from './played-key.ts';

/** A hub without sockets: a test says what the sessions of its connections want. */
export class PlayedServer {
  readonly clock: StillClock;
  readonly store: Store & Directory;
  readonly hub: Hub;
  auth: AuthPolicy = { mode: 'tofu', v1: 'allow' };
  limits: ServerLimits = serverLimits;
  readonly events: { readonly event: string; readonly fields: Fields }[] = [];

  constructor(store: Store & Directory = new MemoryStore(), clock: StillClock = new StillClock()) {
    this.clock = clock;
    this.store = store;
    let ids = 0;
    let nonces = 0;
    let tokens = 0;
    this.hub = new Hub({
      store,
      clock,
      defer: (task) => void setImmediate(task),
      randomId: () => `unit-${(ids += 1)}`,
      randomToken: () => 'token',
      randomNonce: () => nonceOf((nonces += 1)),
      randomJoinToken: () => `join-token-${(tokens += 1)}`.padEnd(32, 'x'),
      sha256,
      verify,
      auth: () => this.auth,
      limits: () => this.limits,
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
  readonly binding: string;
  readonly inputs: ServerInput[] = [];
  data = '';
  readonly #server: PlayedServer;
  #epoch = '';
  #outcomes = 0;

  constructor(server: PlayedServer, peerAddress = '192.0.2.7', binding = '-') {
    this.#server = server;
    this.binding = binding;
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
    this.say({ epoch, id });
    for (;;) {
      await turn();
      for (const input of this.inputs) {
        if (input.type !== 'registered') continue;
        this.#state('online', 'registered');
        return input.registered.clientId;
      }
    }
  }

  /** What it says in `!RGTR`, where that is not the usual. */
  say(members: Partial<Registration>): void {
    const usual = { name: 'u', ip: '192.0.2.7', udpPort: 0, time: '', v: 2, epoch: 'e1', id: undefined } as const;
    const registration = { ...usual, ...members };
    this.data = JSON.stringify(registration);
    this.perform({ type: 'register', registration, data: this.data });
  }

  perform(action: ServerAction): void {
    this.#server.hub.reception.perform(action, this);
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
    this.perform({ type: 'store', reading });
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
    this.perform({ type: 'state', state, reason });
  }

  async #close(): Promise<void> {
    this.perform({ type: 'close', reason: 'closed' });
    // What it left to be stored is through.
    for (let turns = 0; turns < 4; turns += 1) await turn();
  }
}

export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
