import { encodeFrames } from '../../src/framing/encoder.ts';
import { tag } from '../../src/app/secrets.ts';
import { Hub } from '../../src/server/hub.ts';
import type { HubEvent } from '../../src/server/contract.ts';
import { ServerConnection } from '../../src/transport/server-connection.ts';
import type { Archive } from './archive.ts';
import type { Datagrams } from './datagrams.ts';
import { Disk, DiskStore, type DiskHealth } from './disk.ts';
import { membersOf } from './frame-reader.ts';
import type { IntervalBook } from './interval-book.ts';
import { labelOf } from './ledger.ts';
import type { Network } from './network.ts';
import { Process, type Ending } from './process.ts';
import { ServerWatch } from './server-watch.ts';
import type { Stage } from './stage.ts';
import type { Stream } from './stream.ts';

export interface ServerMachineOptions {
  readonly stage: Stage;
  readonly network: Network;
  readonly datagrams: Datagrams;
  readonly archive: Archive;
  readonly book: IntervalBook;
  readonly intervalSeconds: number;
}

interface Running {
  readonly process: Process;
  readonly hub: Hub;
}

/** All that the server does when it is told to leave; then its program ends, whatever is left. */
const stopMsMax = 20_000;
/** The least silence after which a unit may count as lost. */
const lostMsMin = 15_000;

/** The machine with the server on it, its disk, and those who look at what it says. */
export class ServerMachine {
  readonly #options: ServerMachineOptions;
  #disk: Disk;
  #running: Running | undefined;
  #leaving = false;
  /** It is to be started again as soon as it has left. */
  #startsAgain = false;
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
  watch(stream: Stream, trusted: boolean): ServerWatch {
    const { stage, book, archive } = this.#options;
    return new ServerWatch({ stage, stream, archive, ledger: this.#disk.ledger, book, seats: this.#seats, trusted });
  }

  async start(): Promise<void> {
    this.#startsAgain = this.#leaving;
    if (this.#running !== undefined) return;
    const { stage, network } = this.#options;
    network.serverHost.powerOn();
    const process = new Process(stage, network.serverHost);
    stage.record('the server starts');
    const hub = this.#hub(process);
    this.#running = { process, hub };
    await hub.restore();
    if (!process.alive) return;
    network.listen(process, (link) => {
      const connection: ServerConnection = new ServerConnection({
        link,
        clock: process.clock,
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

  /** Dies in the midst of the next commit. */
  dieAtCommit(way: Ending): void {
    const running = this.#running;
    this.#disk.ambush = () => {
      if (this.#running === running) this.kill(way);
    };
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
    if (this.#running === running) this.kill('exit');
    stage.check(running.process.timers === 0, () => `the server leaves ${running.process.timers} timers behind`);
    return stage.nowMs - sinceMs;
  }

  /** A new disk in the place of the old one: all that was on that is gone. */
  replaceDisk(): void {
    this.#disk = new Disk(this.#options.stage, this.#options.archive);
    this.#seats.clear();
  }

  healDisk(): void {
    this.#disk.ambush = undefined;
    this.#disk.heal();
  }

  #hub(process: Process): Hub {
    const { stage, datagrams, intervalSeconds } = this.#options;
    const randomId = (): string => Buffer.from(stage.random.bytes(16)).toString('base64url');
    const hub = new Hub({
      store: new DiskStore(stage, this.#disk, process),
      clock: process.clock,
      defer: (task) => {
        process.defer(task);
      },
      randomId,
      randomToken: randomId,
      intervalSeconds,
      allowOtherAddress: false,
      sendDatagram: (frame, { to, port }) => {
        this.#tell(hub, frame.data, to, port);
        datagrams.send(encodeFrames([frame]), to, port);
      },
    });
    const published = new Set<string>();
    hub.feed.subscribe({
      event: (event) => {
        this.#event(event);
      },
      readings: ({ readings }) => {
        for (const { clientId, reading } of readings) {
          if (reading.epoch === undefined || reading.seq === undefined) continue;
          const label = labelOf(clientId, reading.epoch, reading.seq);
          const fresh = !published.has(label) && this.#disk.ledger.content(label) !== undefined;
          stage.check(fresh, () => `${label} is shown twice, or is not stored`);
          published.add(label);
        }
      },
    });
    return hub;
  }

  /** Notes what an interval by datagram says. */
  #tell(hub: Hub, data: string, to: string, port: number): void {
    if (!data.startsWith('{')) return;
    const { interval, rev, tag: given } = membersOf(data);
    this.#options.stage.check(typeof given === 'string', () => `a datagram without tag: ${data}`);
    for (const { client_id: clientId, ip, port: unitPort } of hub.units()) {
      if (ip === to && unitPort === port) this.#options.book.told(clientId, rev, interval);
    }
  }

  #event({ level, event, fields }: HubEvent): void {
    const { stage, book } = this.#options;
    stage.record(`server ${level} ${event} ${JSON.stringify(fields)}`);
    const clientId = String(fields['client_id']);
    const seat = this.#seats.get(clientId);
    if (event === 'interval-confirmed' && seat?.trusted === true && seat.v === 2) {
      book.confirmed(clientId, fields['rev'], fields['interval']);
    }
    if (event !== 'lost' || fields['reason'] !== 'no frame for 3 intervals' || seat === undefined) return;
    const silentMs = stage.nowMs - seat.lastFrameMs;
    stage.check(silentMs >= lostMsMin, () => `${clientId} is lost ${silentMs} ms after its last frame`);
    const unread = seat.stream.incoming('to-client').unreadBytes;
    stage.check(
      unread === 0 || seat.stream.server.process.hasStalled,
      () => `${clientId} is lost, ${unread} bytes unread`,
    );
  }
}
