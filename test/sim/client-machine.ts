import { createHash } from 'node:crypto';
import { Agent } from '../../src/client/agent.ts';
import { tag } from '../../src/app/secrets.ts';
import type { Fields } from '../../src/core/log.ts';
import { ClientSession } from '../../src/session/client-session.ts';
import { ClientConnection } from '../../src/transport/client-connection.ts';
import type { Archive } from './archive.ts';
import { ClientLife } from './client-life.ts';
import type { Datagrams } from './datagrams.ts';
import type { Host } from './host.ts';
import type { IntervalBook } from './interval-book.ts';
import type { Network } from './network.ts';
import type { ClientPlan } from './plan.ts';
import { Process, type Ending } from './process.ts';
import type { Stage } from './stage.ts';
import { roundReadingsMax, takeReadings } from './take-readings.ts';

export interface ClientMachineOptions extends ClientPlan {
  readonly stage: Stage;
  readonly host: Host;
  readonly network: Network;
  readonly datagrams: Datagrams;
  readonly archive: Archive;
  readonly book: IntervalBook;
}

export interface Running {
  readonly process: Process;
  readonly agent: Agent;
  readonly session: ClientSession;
  readonly connection: ClientConnection;
  readonly life: ClientLife;
}

/** A machine with our client on it, which is started, stopped and killed as often as the world likes. */
export class ClientMachine {
  readonly host: Host;
  readonly name: string;
  /** What the client has remembered on its disk. */
  identity: string | undefined;
  /** How many disks the server had lost when it gave that. */
  #identityDisks = -1;
  readonly #options: ClientMachineOptions;
  #running: Running | undefined;
  #stopping: { readonly sinceMs: number } | undefined;
  #starts = 0;
  /** It is to be started again as soon as it has stopped. */
  #startsAgain = false;
  onStopped: ((stopped: Stopped) => void) | undefined;

  constructor(options: ClientMachineOptions) {
    this.#options = options;
    this.host = options.host;
    this.name = options.name;
  }

  get running(): Running | undefined {
    return this.#running;
  }

  get plan(): ClientPlan {
    return this.#options;
  }

  start(): void {
    this.#startsAgain = this.#stopping !== undefined;
    if (this.#running !== undefined) return;
    this.host.powerOn();
    const { stage, host, name, archive, book } = this.#options;
    this.#starts += 1;
    const label = `${name}/${this.#starts}`;
    const process = new Process(stage, host);
    stage.record(`${label} starts`);
    const unit = this.identity === undefined ? undefined : { clientId: this.identity, disks: this.#identityDisks };
    const life = new ClientLife({ stage, label, archive, book, unit });
    const agent = this.#agent(process, life, label);
    this.#running = { process, agent, life, ...this.#connect(process, agent, life) };
  }

  /** As on SIGTERM. */
  stop(): void {
    if (this.#running === undefined || this.#stopping !== undefined) return;
    const { stage } = this.#options;
    stage.record(`${this.name} is told to stop`);
    this.#stopping = { sinceMs: stage.nowMs };
    const { process, agent } = this.#running;
    process.run(() => {
      agent.stop();
    });
  }

  kill(way: Ending): void {
    this.#startsAgain = false;
    const running = this.#running;
    if (running === undefined) return;
    this.#options.stage.record(`${this.name} dies: ${way}`);
    if (way === 'power') this.host.powerOff();
    this.#running = undefined;
    this.#stopping = undefined;
    running.process.kill(way);
  }

  #agent(process: Process, life: ClientLife, label: string): Agent {
    const { stage, archive, spoolReadingsMax, intervalSeconds } = this.#options;
    return new Agent({
      clock: process.clock,
      log: (level, event, fields) => {
        this.#log(`${label} ${level} ${event}`, event, fields, life);
      },
      read: async () => life.round(await takeReadings(stage.random, process.clock)),
      drawEpoch: () => life.epoch(stage.random.hex(8)),
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
      registered: ({ clientId, v }) => {
        // What a v1 server calls this machine is no id that a v2 server knows.
        if (v === 2) {
          this.identity = clientId;
          this.#identityDisks = archive.disks;
        }
      },
      stopped: (confirmed) => {
        this.#stopped(process, confirmed);
      },
      intervalSeconds,
      spoolReadingsMax,
    });
  }

  #connect(process: Process, agent: Agent, life: ClientLife): { session: ClientSession; connection: ClientConnection } {
    const { stage, name, network, datagrams, hearsUdp } = this.#options;
    const udpPort = hearsUdp
      ? datagrams.bind(process, (frame, from) => {
          if (frame !== undefined && this.#running?.process === process) this.#running.connection.datagram(frame, from);
        })
      : 0;
    const random = (): number => stage.random.next();
    const session = new ClientSession({ name, id: this.identity, udpPort, random, tag });
    const connection = new ClientConnection({
      session,
      clock: process.clock,
      dial: network.dialer(process),
      introduce: () => this.#introduce(agent, life),
      perform: (action) => {
        life.perform(action);
        agent.perform(action);
      },
      settled: () => {
        agent.offer();
        this.#bounded(agent);
      },
    });
    const input = connection.input.bind(connection);
    agent.start({
      input,
      get room() {
        return session.room;
      },
      get v() {
        return session.v;
      },
    });
    return { session, connection };
  }

  /** New readings get a new epoch where more than a round is held. */
  #introduce(agent: Agent, life: ClientLife): ReturnType<Agent['introduce']> {
    const { held } = agent;
    const before = life.epochs;
    const introduction = agent.introduce();
    const renewed = life.epochs > before;
    this.#options.stage.check(
      // After a stall two rounds may be of the same millisecond, and count as one.
      renewed || held <= 2 * roundReadingsMax,
      () => `${this.name} connects with ${held} readings and the old epoch`,
    );
    return introduction;
  }

  #bounded(agent: Agent): void {
    const { stage, spoolReadingsMax } = this.#options;
    stage.check(agent.held <= spoolReadingsMax, () => `${this.name} holds ${agent.held} readings`);
  }

  #log(line: string, event: string, fields: Fields | undefined, life: ClientLife): void {
    this.#options.stage.record(`${line} ${JSON.stringify(fields)}`);
    if (event === 'spool-dropped') life.drop(Number(fields?.['count']));
  }

  #stopped(process: Process, confirmed: boolean): void {
    const { stage } = this.#options;
    const running = this.#running;
    const stopping = this.#stopping;
    this.#running = undefined;
    this.#stopping = undefined;
    stage.check(running?.process === process && stopping !== undefined, () => `${this.name} stops untold`);
    if (running !== undefined) {
      this.onStopped?.({ confirmed, tookMs: stage.nowMs - (stopping?.sinceMs ?? 0), ...running });
    }
    // The program ends once everything else has: then nothing of it may be left.
    stage.timeline.after(2_000, () => {
      stage.check(process.timers === 0, () => `${this.name} leaves ${process.timers} timers behind`);
      process.kill('exit');
    });
    if (this.#startsAgain) this.start();
  }
}

/** How a client left. */
export interface Stopped extends Running {
  readonly confirmed: boolean;
  readonly tookMs: number;
}
