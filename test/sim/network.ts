import type { Dial } from '../../src/transport/client-connection.ts';
import type { Link } from '../../src/transport/link.ts';
import { sha256 } from '../server/played-key.ts';
import type { Host } from './host.ts';
import type { Process } from './process.ts';
import type { Stage } from './stage.ts';
import { Stream } from './stream.ts';

/** A connection that has just been made, before any program has it. */
type Watch = (stream: Stream) => void;

interface Listening {
  readonly process: Process;
  readonly accept: (link: Link, stream: Stream) => void;
}

/** The one port that somebody may listen on, and all connections to it. */
export class Network {
  readonly serverHost: Host;
  readonly port = 34_567;
  readonly #stage: Stage;
  readonly #watch: Watch;
  readonly #tls: boolean;
  #listening: Listening | undefined;
  #streams: Stream[] = [];
  #made = 0;

  constructor(stage: Stage, { serverHost, watch, tls }: { serverHost: Host; watch: Watch; tls: boolean }) {
    this.#stage = stage;
    this.serverHost = serverHost;
    this.#watch = watch;
    this.#tls = tls;
  }

  /** Connections that are not over at both ends. */
  get streams(): readonly Stream[] {
    this.#streams = this.#streams.filter((stream) => !stream.isOver);
    return this.#streams;
  }

  listen(process: Process, accept: Listening['accept']): void {
    this.#listening = { process, accept };
  }

  /** A program has the port: a second one could not listen. */
  get isTaken(): boolean {
    return this.#listening !== undefined;
  }

  /** Nobody is accepted any more. */
  close(process: Process): void {
    if (this.#listening?.process === process) this.#listening = undefined;
  }

  /** How a program on its host connects to the server. */
  dialer(process: Process): Dial {
    return (outcome) => {
      let stream: Stream | undefined;
      let given = false;
      this.#ask(process, {
        isOff: () => given || !process.alive,
        refused: (reason) => {
          process.run(() => {
            if (!given) outcome.failed(reason);
          });
        },
        made: (made) => {
          stream = made;
        },
        connected: (made) => {
          process.run(() => {
            if (!given) outcome.connected(made.client);
          });
        },
      });
      return () => {
        given = true;
        stream?.close('to-server');
      };
    };
  }

  #ask(process: Process, dialling: Dialling): void {
    const { path } = process.host;
    path.carry('to-server', () => {
      if (dialling.isOff() || path.dials === 'hang' || !this.serverHost.powered) {
        this.#askAgain(process, dialling);
        return;
      }
      const listening = this.#listening;
      if (path.dials === 'refused' || listening === undefined || !listening.process.alive) {
        path.carry('to-client', () => dialling.refused('connect ECONNREFUSED'));
        return;
      }
      const stream = this.#connect(process, listening);
      dialling.made(stream);
      path.carry('to-client', () => {
        if (stream.client.open) dialling.connected(stream);
      });
    });
  }

  /** The kernel sends its SYN again, after one second, then two, and so on; here after about as long as that. */
  #askAgain(process: Process, dialling: Dialling): void {
    if (dialling.isOff()) return;
    this.#stage.timeline.after(this.#stage.random.between(1_000, 4_000), () => {
      if (!dialling.isOff()) this.#ask(process, dialling);
    });
  }

  #connect(process: Process, listening: Listening): Stream {
    const { host } = process;
    this.#made += 1;
    const stream = new Stream({
      stage: this.#stage,
      path: host.path,
      label: `${host.name}#${this.#made}`,
      client: { process, localAddress: host.localAddress, seenAddress: host.address },
      server: { process: listening.process, address: this.serverHost.address, port: this.port },
      clientPort: 40_000 + this.#made,
      binding: this.#tls ? sha256(`session ${this.#made}`) : '-',
    });
    this.#streams.push(stream);
    this.#watch(stream);
    listening.process.run(() => {
      // What a listener that closes has not taken is reset by its kernel.
      if (this.#listening !== listening) stream.close('to-client');
      else if (stream.server.open) listening.accept(stream.server, stream);
    });
    return stream;
  }
}

interface Dialling {
  readonly isOff: () => boolean;
  readonly refused: (reason: string) => void;
  readonly made: (stream: Stream) => void;
  readonly connected: (stream: Stream) => void;
}
