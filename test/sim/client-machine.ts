import type { Spool } from '../../src/client/spool/contract.ts';
import type { Log } from '../../src/core/log.ts';
import { sign } from '../server/played-key.ts';
import type { Archive } from './archive.ts';
import { ClientLife } from './client-life.ts';
import { startProgram, type ClientProgram } from './client-program.ts';
import { ClientStorage } from './client-storage.ts';
import type { Datagrams } from './datagrams.ts';
import type { Host } from './host.ts';
import type { IntervalBook } from './interval-book.ts';
import type { Network } from './network.ts';
import type { ClientPlan } from './plan.ts';
import { Process, type Ending } from './process.ts';
import type { Reckoning } from './reckoning.ts';
import type { Stage } from './stage.ts';

export interface ClientMachineOptions extends ClientPlan {
  readonly stage: Stage;
  readonly host: Host;
  readonly network: Network;
  readonly datagrams: Datagrams;
  readonly archive: Archive;
  readonly book: IntervalBook;
  /** It has a key, which it never loses; a copy of it has the same. */
  readonly keyed: boolean;
}

export interface Running extends ClientProgram {
  readonly process: Process;
  readonly life: ClientLife;
}

/** A client that could not start is started again, by whoever looks after it. */
const restartMs = { from: 100, to: 2_000 };
/** All that the program does once it has left; then it ends, whatever is left. */
const closeMsMax = 2_010;

/** A machine with our client on it, which is started, stopped and killed as often as the world likes. */
export class ClientMachine {
  readonly host: Host;
  readonly name: string;
  readonly storage: ClientStorage;
  readonly #options: ClientMachineOptions;
  /** The program, from its start to its end. */
  #process: Process | undefined;
  /** While it has a connection, or wants one. */
  #running: Running | undefined;
  #stopping: { readonly sinceMs: number } | undefined;
  #starts = 0;
  /** It is to be started again as soon as it has ended. */
  #startsAgain = false;
  onStopped: ((stopped: Stopped) => void) | undefined;

  /** With the storage of another machine, it is a copy of that. */
  constructor(options: ClientMachineOptions, copied?: ClientStorage) {
    const { stage, archive, name, spool: plan } = options;
    this.#options = options;
    this.host = options.host;
    this.name = name;
    this.storage = copied ?? new ClientStorage({ stage, archive, name, plan });
  }

  get running(): Running | undefined {
    return this.#running;
  }

  get process(): Process | undefined {
    return this.#process;
  }

  /** Its program is there, and does not run yet. */
  get isStarting(): boolean {
    return this.#process !== undefined && this.#running === undefined && this.#stopping === undefined;
  }

  get plan(): ClientPlan {
    return this.#options;
  }

  start(): void {
    this.#startsAgain = this.#stopping !== undefined;
    if (this.#process !== undefined) return;
    this.host.powerOn();
    const { stage, host, name, archive, book } = this.#options;
    const { reckoning, identity } = this.storage;
    this.#starts += 1;
    const label = `${name}/${this.#starts}`;
    const process = new Process(stage, host);
    this.#process = process;
    stage.record(`${label} starts`);
    const life = new ClientLife({ stage, label, archive, book, reckoning, unit: identity });
    const log = this.#log(label, life);
    const opened = this.storage.open(process, log, life);
    if (!(opened instanceof Promise)) {
      this.#run(process, life, { log, spool: opened });
      return;
    }
    opened.then(
      (spool) => {
        if (process.alive) this.#run(process, life, { log, spool });
      },
      (error: unknown) => {
        this.#cannotStart(process, String(error));
      },
    );
  }

  /** As on SIGTERM. */
  stop(): void {
    if (this.#process === undefined || this.#stopping !== undefined) return;
    const { stage } = this.#options;
    stage.record(`${this.name} is told to stop`);
    const running = this.#running;
    if (running === undefined) {
      this.kill('exit');
      return;
    }
    this.#stopping = { sinceMs: stage.nowMs };
    running.process.run(() => {
      running.agent.stop();
    });
  }

  kill(way: Ending): void {
    this.#startsAgain = false;
    const process = this.#process;
    if (process === undefined) return;
    this.#options.stage.record(`${this.name} dies: ${way}`);
    if (way === 'power') this.host.powerOff();
    this.#end(process, way);
  }

  #end(process: Process, way: Ending): void {
    this.#process = undefined;
    this.#running = undefined;
    this.#stopping = undefined;
    process.kill(way);
    this.storage.end(way);
  }

  #cannotStart(process: Process, reason: string): void {
    const { stage } = this.#options;
    if (this.#process !== process) return;
    stage.record(`${this.name} cannot start: ${reason}`);
    this.#end(process, 'exit');
    stage.timeline.after(stage.random.between(restartMs.from, restartMs.to), () => this.start());
  }

  #run(process: Process, life: ClientLife, { log, spool }: { readonly log: Log; readonly spool: Spool }): void {
    const { archive } = this.#options;
    const program = startProgram({
      ...this.#options,
      process,
      life,
      log,
      spool,
      id: life.unit?.clientId,
      prove: this.#options.keyed ? (challenge) => sign(this.name, challenge, this.storage.token) : undefined,
      registered: (clientId) => {
        this.storage.token = undefined;
        this.storage.identity = { clientId, disks: archive.disksBefore(clientId) };
      },
      stopped: (confirmed) => {
        this.#stopped(process, confirmed);
      },
    });
    this.#running = { process, life, ...program };
  }

  #log(label: string, life: ClientLife): Log {
    return (level, event, fields) => {
      this.#options.stage.record(`${label} ${level} ${event} ${JSON.stringify(fields)}`);
      if (event === 'spool-dropped') life.logsDropped(Number(fields?.['count']));
      if (event === 'sensor-failed') life.leftOut();
      this.storage.logged(event, fields);
    };
  }

  #stopped(process: Process, confirmed: boolean): void {
    const { stage } = this.#options;
    const running = this.#running;
    const stopping = this.#stopping;
    stage.check(running?.process === process && stopping !== undefined, () => `${this.name} stops untold`);
    this.#running = undefined;
    if (running !== undefined) {
      this.onStopped?.({
        confirmed,
        tookMs: stage.nowMs - (stopping?.sinceMs ?? 0),
        ...running,
        reckoning: this.storage.reckoning,
      });
    }
    let closed = false;
    void this.storage.close().then(() => (closed = true));
    stage.timeline.after(closeMsMax, () => {
      if (this.#process !== process) return;
      // The program ends once everything else has: then nothing of it may be left.
      const idle = !closed || process.timers === 0;
      stage.check(idle, () => `${this.name} leaves ${process.timers} timers behind`);
      this.#end(process, 'exit');
      if (this.#startsAgain) this.start();
    });
  }
}

/** How a client left. */
export interface Stopped extends Running {
  readonly confirmed: boolean;
  readonly tookMs: number;
  readonly reckoning: Reckoning;
}
