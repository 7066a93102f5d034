import type { Link, LinkEvents } from '../../src/transport/link.ts';
import type { Pipe } from './pipe.ts';
import type { Direction } from './path.ts';
import type { Ending, Process } from './process.ts';

/** What an end needs of the connection that it is an end of. */
export interface Wires {
  write(direction: Direction, bytes: Uint8Array): boolean;
  finish(direction: Direction): void;
  close(direction: Direction): void;
  /** The pipe that the end which sends in `direction` reads from. */
  incoming(direction: Direction): Pipe;
  processEnded(direction: Direction, way: Ending): void;
}

interface EndOptions {
  readonly stream: Wires;
  readonly sends: Direction;
  readonly process: Process;
  readonly localAddress: string;
  readonly localPort: number;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly binding: string;
}

/** One end of a connection, as its program sees it. */
export class End implements Link {
  readonly localAddress: string;
  readonly localPort: number;
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly binding: string;
  readonly process: Process;
  readonly #stream: Wires;
  readonly #sends: Direction;
  events: LinkEvents | undefined;
  open = true;
  hasEnded = false;

  constructor({ stream, sends, process, ...addresses }: EndOptions) {
    this.#stream = stream;
    this.#sends = sends;
    this.process = process;
    this.localAddress = addresses.localAddress;
    this.localPort = addresses.localPort;
    this.peerAddress = addresses.peerAddress;
    this.peerPort = addresses.peerPort;
    this.binding = addresses.binding;
    process.onEnd((way) => {
      this.#stream.processEnded(this.#sends, way);
    });
  }

  listen(events: LinkEvents): void {
    this.events = events;
    this.#stream.incoming(this.#sends).resume();
  }

  write(bytes: Uint8Array): boolean {
    return this.open ? this.#stream.write(this.#sends, bytes) : true;
  }

  end(): void {
    if (this.open) this.#stream.finish(this.#sends);
  }

  destroy(): void {
    this.#stream.close(this.#sends);
  }

  pause(): void {
    this.#stream.incoming(this.#sends).pause();
  }

  resume(): void {
    this.#stream.incoming(this.#sends).resume();
  }
}
