import type { Link } from '../../src/transport/link.ts';
import { frameBytes, membersOf } from './frame-reader.ts';
import type { Datagrams } from './datagrams.ts';
import type { Network } from './network.ts';
import { Process } from './process.ts';
import type { Stage } from './stage.ts';
import type { Stream } from './stream.ts';

export interface V1ServerOptions {
  readonly stage: Stage;
  readonly network: Network;
  readonly datagrams: Datagrams;
  readonly intervalSeconds: number;
}

interface Unit {
  readonly ip: string;
  readonly port: number;
  readonly link: Link;
}

/** A v1 server as deployed ones behave: whatever one read gives is one message, and what it has not asked for yet is lost. */
export class V1Server {
  /** Answers are lost now and then: a deployed server's threads die. */
  deafness = 0;
  readonly #options: V1ServerOptions;
  #process: Process | undefined;
  readonly #units = new Map<string, Unit>();
  /** Connections on which an answer is missing. */
  readonly #owed = new Set<Stream>();
  #ids = 1_000;
  /** Addresses of those who were told on the connection that they have, and have not confirmed. */
  readonly unconfirmed = new Set<string>();

  constructor(options: V1ServerOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** It has lost a message of a client that still waits for the answer. */
  get owes(): boolean {
    return [...this.#owed].some(({ client }) => client.open);
  }

  /** Units that it has a connection with, by address. */
  get live(): ReadonlySet<string> {
    return new Set([...this.#units.values()].map(({ link }) => link.peerAddress));
  }

  start(): void {
    if (this.#process !== undefined) return;
    const { stage, network } = this.#options;
    network.serverHost.powerOn();
    const process = new Process(stage, network.serverHost);
    stage.record('the v1 server starts');
    this.#process = process;
    network.listen(process, (link, stream) => {
      this.#serve(link, { stream, process });
    });
  }

  kill(): void {
    if (this.#process === undefined) return;
    this.#options.stage.record('the v1 server dies');
    this.#options.network.close(this.#process);
    this.#process.kill('exit');
    this.#process = undefined;
    this.#units.clear();
    this.#owed.clear();
    this.unconfirmed.clear();
  }

  /** Tells all units once, and never again. */
  setInterval(seconds: number): void {
    for (const { ip, port, link } of this.#units.values()) {
      if (port > 0 && ip === link.peerAddress) this.unconfirmed.add(ip);
      this.#options.datagrams.send(frameBytes('!UPDT', String(seconds)), ip, port);
    }
  }

  #serve(link: Link, { stream, process }: { readonly stream: Stream; readonly process: Process }): void {
    let busy = false;
    let key: string | undefined;
    const closed = (): void => {
      if (key !== undefined && this.#units.get(key)?.link === link) this.#units.delete(key);
      this.#owed.delete(stream);
      link.destroy();
    };
    link.listen({
      data: (bytes) => {
        const message = Buffer.from(bytes).toString('utf8');
        const { stage } = this.#options;
        const whole = Number(message.slice(0, 16)) === bytes.length - 16;
        stage.check(whole, () => `the v1 server reads ${message} as one message`);
        stage.check(!busy, () => `the v1 server owes an answer and loses ${message}`);
        const command = message.slice(16, 21);
        if (command === '!UDPT') {
          this.unconfirmed.delete(link.peerAddress);
          return;
        }
        if (stage.random.chance(this.deafness)) {
          stage.record(`the v1 server loses ${command}`);
          this.#owed.add(stream);
          return;
        }
        busy = true;
        process.clock.after(stage.random.between(5, 300), () => {
          busy = false;
          if (command === '!RGTR') key = this.#register(message.slice(21), link);
          else link.write(Buffer.from(`${command}: RECEIVED`));
          if (command === '!DISC') closed();
        });
      },
      drained: () => undefined,
      ended: closed,
      closed,
    });
  }

  /** Answers under which key it knows the unit from now on: what the same machine had before is forgotten. */
  #register(data: string, link: Link): string {
    const { name, ip, UDP_port: port } = membersOf(data);
    this.#ids += 1;
    const key = `${String(name)} ${String(ip)}`;
    this.unconfirmed.delete(link.peerAddress);
    this.#units.set(key, { ip: String(ip), port: Number(port), link });
    const success = { client_id: String(this.#ids), tcp_port: link.localPort, interval: this.#options.intervalSeconds };
    link.write(frameBytes('!SUCC', JSON.stringify(success)));
    return key;
  }
}
