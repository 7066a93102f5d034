import type { Link, LinkEvents } from '../../src/transport/link.ts';
import { frameBytes, membersOf } from './frame-reader.ts';
import type { Host } from './host.ts';
import type { Datagrams } from './datagrams.ts';
import type { Network } from './network.ts';
import { Process } from './process.ts';
import type { Stage } from './stage.ts';

export interface V1ClientOptions {
  readonly stage: Stage;
  readonly host: Host;
  readonly name: string;
  readonly network: Network;
  readonly datagrams: Datagrams;
}

/** A deployed client waits for ever; its user starts it anew. */
const patienceMs = 20_000;

/** A v1 client as deployed ones behave: whatever one read gives is the answer, and nothing else ever comes. */
export class V1Client {
  readonly name: string;
  readonly host: Host;
  readonly #options: V1ClientOptions;
  readonly #process: Process;
  #link: Link | undefined;
  #giveUp: (() => void) | undefined;
  #waitsFor: '!SUCC' | '!INFO' | '!DISC' | undefined;
  #cancelTimer: () => void = () => undefined;
  #cancelPatience: () => void = () => undefined;
  #intervalSeconds = 1;
  readonly #udpPort: number;
  #clientId: string | undefined;
  #stopping = false;
  #answered = 0;
  /** The server has confirmed that this one left. */
  left = false;

  constructor(options: V1ClientOptions) {
    const { stage, host, datagrams } = options;
    this.#options = options;
    this.name = options.name;
    this.host = host;
    this.#process = new Process(stage, host);
    this.#udpPort = datagrams.bind(this.#process, (frame) => {
      // It believes anybody, and confirms nothing.
      const seconds = Number(frame?.data);
      if (frame?.command === '!UPDT' && Number.isInteger(seconds) && seconds > 0) this.#intervalSeconds = seconds;
    });
  }

  start(): void {
    this.#dial();
  }

  /** The `client_id` of the connection that it has; undefined without one. */
  get clientId(): string | undefined {
    return this.#clientId;
  }

  /** Rounds that were acknowledged on this connection. */
  get answered(): number {
    return this.#answered;
  }

  /** Leaves as soon as no answer is due. */
  stop(): void {
    this.#stopping = true;
    if (this.#waitsFor === undefined) this.#next();
  }

  #dial(): void {
    this.#giveUp = this.#options.network.dialer(this.#process)({
      connected: (link) => {
        this.#link = link;
        link.listen(this.#events(link));
        const hello = { name: this.name, ip: link.localAddress, UDP_port: this.#udpPort, time: '12:00:00' };
        this.#request('!RGTR', JSON.stringify(hello), '!SUCC');
      },
      failed: () => {
        this.#redial();
      },
    });
    this.#cancelPatience = this.#process.clock.after(patienceMs, () => {
      this.#giveUp?.();
      this.#redial();
    });
  }

  #redial(): void {
    this.#cancelTimer();
    this.#cancelPatience();
    this.#link?.destroy();
    this.#link = undefined;
    this.#clientId = undefined;
    this.#waitsFor = undefined;
    this.#answered = 0;
    this.#cancelTimer = this.#process.clock.after(this.#options.stage.random.between(500, 5_000), () => {
      this.#dial();
    });
  }

  #request(command: string, data: string, waitsFor: '!SUCC' | '!INFO' | '!DISC'): void {
    this.#waitsFor = waitsFor;
    this.#link?.write(frameBytes(command, data));
    this.#cancelPatience();
    this.#cancelPatience = this.#process.clock.after(patienceMs, () => {
      this.#redial();
    });
  }

  #events(link: Link): LinkEvents {
    return {
      data: (bytes) => {
        if (this.#link === link) this.#message(Buffer.from(bytes).toString('utf8'));
      },
      drained: () => undefined,
      ended: () => {
        if (this.#link === link && !this.left) this.#redial();
      },
      closed: () => {
        if (this.#link === link && !this.left) this.#redial();
      },
    };
  }

  #message(message: string): void {
    const waitsFor = this.#waitsFor;
    const { stage } = this.#options;
    stage.check(waitsFor !== undefined, () => `${this.name} hears ${message} unasked`);
    this.#waitsFor = undefined;
    // It has no answer to a failure: it ends, and is started anew.
    if (message.slice(16).startsWith('!FAIL')) {
      this.#redial();
      return;
    }
    if (waitsFor === '!SUCC') {
      const { client_id: clientId, tcp_port: port, port: olderPort, interval } = membersOf(message.slice(21));
      const readable = message.slice(16, 21) === '!SUCC' && typeof clientId === 'string' && port === olderPort;
      stage.check(readable && Number.isInteger(interval), () => `${this.name} cannot read ${message}`);
      this.#clientId = String(clientId);
      this.#intervalSeconds = Number(interval);
      this.#next();
      return;
    }
    stage.check(message === `${waitsFor}: RECEIVED`, () => `${this.name} waits for ${waitsFor} and hears ${message}`);
    this.#answered += 1;
    if (waitsFor === '!DISC') this.#gone();
    else if (this.#stopping) this.#next();
    else this.#cancelTimer = this.#process.clock.after(this.#intervalSeconds * 1000, () => this.#next());
  }

  #next(): void {
    this.#cancelTimer();
    if (this.#link === undefined || this.#clientId === undefined) return;
    if (this.#stopping) {
      this.#request('!DISC', '', '!DISC');
      return;
    }
    const celsius = Math.round(this.#options.stage.random.between(0, 1e9)) / 1e7;
    this.#request('!INFO', `CPU temperature: ${celsius.toFixed(7)}\n`, '!INFO');
  }

  #gone(): void {
    this.left = true;
    this.#cancelPatience();
    this.#link?.end();
  }
}
