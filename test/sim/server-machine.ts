import { encodeFrames } from '../../src/framing/encoder.ts';
import { tag } from '../../src/app/secrets.ts';
import { serverLimits } from '../../src/core/limits.ts';
import type { AuthPolicy } from '../../src/core/machine.ts';
import { sha256, verify } from '../server/played-key.ts';
import { Hub } from '../../src/server/hub.ts';
import { Alarms } from '../../src/transport/alarms.ts';
import { ServerConnection } from '../../src/transport/server-connection.ts';
import type { Archive } from './archive.ts';
import type { Datagrams } from './datagrams.ts';
import { Disk, diskStore, type DiskHealth, type DiskStore } from './disk.ts';
import { membersOf } from './frame-reader.ts';
import type { IntervalBook } from './interval-book.ts';
import type { KeyBook } from './key-book.ts';
import { HubWatch } from './hub-watch.ts';
import type { Network } from './network.ts';
import { Process, type Ending } from './process.ts';
import { ServerWatch } from './server-watch.ts';
import type { Stage } from './stage.ts';
import type { Stream } from './stream.ts';
import { WishWatch } from './wish-watch.ts';
import type { WriteKind } from './writes.ts';

export interface ServerMachineOptions {
  readonly stage: Stage;
  readonly network: Network;
  readonly datagrams: Datagrams;
  readonly archive: Archive;
  readonly book: IntervalBook;
  readonly intervalSeconds: number;
  readonly keys: KeyBook;
  readonly mode: AuthPolicy['mode'];
}

interface Running {
  readonly process: Process;
  readonly hub: Hub;
  readonly store: DiskStore;
}

/** Between two looks at what nothing tells that happens. */
const lookMs = 400;
/** A service manager waits that long. */
const restartMs = { from: 100, to: 2_000 };
/** All that the server does when it is told to leave; then its program ends, whatever is left. */
const stopMsMax = 20_000;

/** The machine with the server on it, its disk, and those who look at what it says. */
export class ServerMachine {
  readonly #options: ServerMachineOptions;
  #disk: Disk;
  #running: Running | undefined;
  #leaving = false;
  /** It is to be started again as soon as it has left. */
  #startsAgain = false;
  /** Called when a client asks to be a unit that is known. */
  onRegistering: ((clientId: string) => void) | undefined;
  /** Makes the server believe that its intake is full. */
  crowded = false;
  readonly #seats = new Map<string, ServerWatch>();

  constructor(options: ServerMachineOptions) {
    this.#options = options;
    this.#disk = new Disk(options.stage, options.archive);
  }

  get running(): Running | undefined {
    return this.#running;
  }

  get diskHealth(): DiskHealth {
    return this.#disk.health;
  }

  set diskHealth(health: DiskHealth) {
    this.#disk.health = health;
  }

  /** Holds the server to its word on a connection; called before the server has it. */
  watch(stream: Stream, { trusted }: { readonly trusted: boolean }): ServerWatch {
    const { stage, book, archive, keys } = this.#options;
    const registering = (clientId: string): void => this.onRegistering?.(clientId);
    return new ServerWatch({
      registering,
      keys,
      unitOf: (clientId) => {
        const hub = this.#running?.hub;
        const name = hub?.unit(clientId)?.name ?? '';
        const machine = keys.isUsed ? hub?.machines.machines().find((one) => one.client_id === clientId) : undefined;
        return { name, key: machine?.state === 'approved' ? machine.key : undefined };
      },
      stage,
      stream,
      archive,
      ledger: this.#disk.ledger,
      book,
      seats: this.#seats,
      trusted,
    });
  }

  async start(): Promise<void> {
    this.#startsAgain = this.#leaving;
    if (this.#running !== undefined) return;
    const { stage, network } = this.#options;
    network.serverHost.powerOn();
    const process = new Process(stage, network.serverHost);
    stage.record('the server starts');
    const { hub, store } = this.#hub(process);
    this.#running = { process, hub, store };
    this.#lookOn(this.#running);
    try {
      await store.open();
      await hub.restore();
    } catch (error) {
      if (process.alive) this.#cannotStart(String(error));
      return;
    }
    if (!process.alive) return;
    const alarms = new Alarms(process.clock, 50);
    network.listen(process, (link) => {
      const connection: ServerConnection = new ServerConnection(link, {
        clock: process.clock,
        alarms,
        tag,
        crowded: () => hub.isCrowded || this.crowded,
        perform: (action, peer) => {
          hub.reception.perform(action, peer);
        },
      });
      hub.reception.accept(connection);
    });
  }

  kill(way: Ending): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#options.stage.record(`the server dies: ${way}`);
    if (way === 'power') this.#options.network.serverHost.powerOff();
    this.#running = undefined;
    this.#leaving = false;
    this.#options.network.close(running.process);
    running.process.kill(way);
    if (this.#startsAgain) void this.start();
  }

  /** The program ends with what is wrong, and whoever looks after it starts it again. */
  #cannotStart(reason: string): void {
    this.#options.stage.record(`the server cannot start: ${reason}`);
    this.kill('exit');
    this.#startLater();
  }

  #startLater(): void {
    const { stage, network } = this.#options;
    stage.timeline.after(stage.random.between(restartMs.from, restartMs.to), () => {
      // Meanwhile a server of version 1 may stand in its place.
      if (!network.isTaken) void this.start();
    });
  }

  /** Dies in the midst of a write of this kind, and is started again. */
  dieAt(kind: WriteKind, way: Ending): void {
    this.#disk.lieInWait(kind, () => {
      this.kill(way);
      this.#startLater();
    });
  }

  /** As on SIGTERM; answers how long it took. */
  async shutDown(): Promise<number> {
    const running = this.#running;
    if (running === undefined || this.#leaving) return 0;
    const { stage, network } = this.#options;
    const sinceMs = stage.nowMs;
    stage.record('the server is told to leave');
    this.#leaving = true;
    network.close(running.process);
    stage.timeline.after(stopMsMax, () => {
      if (this.#running === running) this.kill('exit');
    });
    await running.hub.shutDown();
    await running.store.store.close();
    stage.check(!running.process.alive || !running.store.busy, () => 'the server leaves a commit in hand');
    if (this.#running === running) this.kill('exit');
    stage.check(running.process.timers === 0, () => `the server leaves ${running.process.timers} timers behind`);
    return stage.nowMs - sinceMs;
  }

  /** A new disk in the place of the old one: all that was on that is gone. */
  replaceDisk(): void {
    this.#disk.database.close();
    this.#disk = new Disk(this.#options.stage, this.#options.archive);
    this.#options.archive.newDisk();
    this.#options.keys.newDisk();
    this.#seats.clear();
  }

  /** What the disk holds when nobody writes to it: `leftIds` have left, and all that was acknowledged is there. */
  audit(leftIds: readonly string[]): void {
    const { stage } = this.#options;
    const { fault, units } = this.#disk.audit();
    stage.check(fault === undefined, () => fault ?? '');
    for (const { clientId, left } of units) {
      stage.check(left || !leftIds.includes(clientId), () => `${clientId} has left, and the disk does not know it`);
    }
  }

  /** The world is over. */
  dispose(): void {
    this.#disk.database.close();
  }

  healDisk(): void {
    this.#disk.withdraw();
    this.#disk.heal();
  }

  #hub(process: Process): { readonly hub: Hub; readonly store: DiskStore } {
    const { stage, datagrams, intervalSeconds } = this.#options;
    const randomId = (): string => Buffer.from(stage.random.bytes(16)).toString('base64url');
    const store = diskStore(stage, this.#disk, process);
    const hub = new Hub({
      store: store.store,
      clock: process.clock,
      defer: (task) => {
        process.defer(task);
      },
      randomId,
      randomToken: randomId,
      randomNonce: () => Buffer.from(stage.random.bytes(32)).toString('base64url'),
      randomJoinToken: () => Buffer.from(stage.random.bytes(24)).toString('base64url'),
      sha256,
      verify,
      auth: () => ({ mode: this.#options.mode, v1: 'allow' }),
      limits: () => serverLimits,
      intervalSeconds,
      allowOtherAddress: false,
      sendDatagram: (frame, { to, port }) => {
        this.#tell(hub, frame.data, to, port);
        datagrams.send(encodeFrames([frame]), to, port);
      },
    });
    const { book } = this.#options;
    const intervalOf = (clientId: string): number => hub.unit(clientId)?.interval.confirmed ?? 0;
    hub.feed.subscribe(new HubWatch({ stage, book, intervalOf, ledger: this.#disk.ledger, seats: this.#seats }));
    return { hub, store };
  }

  #lookOn({ process, hub, store }: Running): void {
    const { stage, book } = this.#options;
    const watch = new WishWatch(stage, book);
    const look = (): void => {
      if (!process.alive) return;
      watch.look(hub.units(), !store.busy && !process.isStalled);
      for (const seat of this.#seats.values()) seat.look();
      stage.timeline.after(lookMs, look);
    };
    look();
  }

  /** Notes what an interval by datagram says. */
  #tell(hub: Hub, data: string, to: string, port: number): void {
    if (!data.startsWith('{')) return;
    const { interval, rev, tag: given } = membersOf(data);
    this.#options.stage.check(typeof given === 'string', () => `a datagram without tag: ${data}`);
    for (const { client_id: clientId, ip, port: unitPort, interval: of } of hub.units()) {
      // Impostors have one address together.
      const isFor = ip === to && unitPort === port && of.rev === rev && of.wanted === interval;
      if (isFor) this.#options.book.told(clientId, rev, interval);
    }
  }
}
