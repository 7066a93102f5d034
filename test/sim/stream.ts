import { Pipe } from './pipe.ts';
import type { Direction, Path } from './path.ts';
import type { Ending, Process } from './process.ts';
import type { Stage } from './stage.ts';
import { End } from './stream-end.ts';

/** Who watches a connection, from either end, before the program sees anything. */
export interface Tap {
  /** A program wrote; `queuedBytes` are in its own memory now. */
  wrote(from: Direction, bytes: Uint8Array, queuedBytes: number): void;
  /** The program that sends in this direction is told to wait, or that it may go on. */
  waits(from: Direction, waiting: boolean): void;
  /** A program is about to be handed these. */
  read(from: Direction, bytes: Uint8Array): void;
}

export interface StreamOptions {
  readonly stage: Stage;
  readonly path: Path;
  readonly label: string;
  readonly client: { readonly process: Process; readonly localAddress: string; readonly seenAddress: string };
  readonly server: { readonly process: Process; readonly address: string; readonly port: number };
  readonly clientPort: number;
  /** Of its TLS session, or `-`. */
  readonly binding: string;
}

/** A connection between a client and the server, both its ends and all that can befall it. */
export class Stream {
  readonly label: string;
  readonly client: End;
  readonly server: End;
  tap: Tap | undefined;
  readonly #stage: Stage;
  readonly #path: Path;
  readonly #pipes: Readonly<Record<Direction, Pipe>>;
  #severed = false;

  constructor({ stage, path, label, client, server, clientPort, binding }: StreamOptions) {
    this.label = label;
    this.#stage = stage;
    this.#path = path;
    this.client = new End({
      stream: this,
      sends: 'to-server',
      process: client.process,
      localAddress: client.localAddress,
      localPort: clientPort,
      peerAddress: server.address,
      peerPort: server.port,
      binding,
    });
    this.server = new End({
      stream: this,
      sends: 'to-client',
      process: server.process,
      localAddress: server.address,
      localPort: server.port,
      peerAddress: client.seenAddress,
      peerPort: clientPort,
      binding,
    });
    this.#pipes = { 'to-server': this.#pipe('to-server'), 'to-client': this.#pipe('to-client') };
  }

  /** The pipe that the end which sends in `direction` reads from. */
  incoming(direction: Direction): Pipe {
    return this.#pipes[opposite(direction)];
  }

  get isOver(): boolean {
    return !this.client.open && !this.server.open;
  }

  /** Nothing gets through, and somebody does not know it yet. */
  get isDead(): boolean {
    return this.#severed || this.client.open !== this.server.open;
  }

  write(direction: Direction, bytes: Uint8Array): boolean {
    const pipe = this.#pipes[direction];
    this.#stage.record(`${this.label} ${direction} writes ${printable(bytes)}`);
    const more = pipe.write(bytes);
    this.tap?.wrote(direction, bytes, pipe.queuedBytes);
    if (!more) this.tap?.waits(direction, true);
    return more;
  }

  finish(direction: Direction): void {
    this.#stage.record(`${this.label} ${direction} ends`);
    this.#pipes[direction].finish();
  }

  /** The program closes its end, or the kernel does for a program that is gone. */
  close(direction: Direction): void {
    const end = this.#end(direction);
    if (!end.open) return;
    this.#stage.record(`${this.label} ${direction} closes`);
    const unread = this.incoming(direction).unreadBytes > 0;
    this.#forget(direction);
    // What was not read makes the kernel reset the connection instead of ending it.
    if (unread) this.#reset(opposite(direction));
    else if (!this.#pipes[direction].isEndSent) this.#pipes[direction].finish();
  }

  /** Both ends learn that it is broken, each in its time. */
  reset(): void {
    this.#reset('to-server');
    this.#reset('to-client');
  }

  /** One end learns that it is broken; the other one when it next sends. */
  resetOne(direction: Direction): void {
    this.#reset(direction);
  }

  /** Whatever is sent from now on is lost, and nobody is told: a NAT has forgotten the connection. */
  sever(): void {
    this.#stage.record(`${this.label} severed`);
    this.#severed = true;
    this.#pipes['to-server'].cut();
    this.#pipes['to-client'].cut();
  }

  processEnded(direction: Direction, way: Ending): void {
    if (way === 'exit') {
      this.close(direction);
      return;
    }
    if (this.#end(direction).open) this.#forget(direction);
  }

  #end(direction: Direction): End {
    return direction === 'to-server' ? this.client : this.server;
  }

  #pipe(direction: Direction): Pipe {
    const sender = this.#end(direction);
    const receiver = this.#end(opposite(direction));
    return new Pipe({
      stage: this.#stage,
      path: this.#path,
      direction,
      sender: sender.process,
      receiver: receiver.process,
      data: (bytes) => {
        this.#stage.record(`${this.label} ${direction} reads ${bytes.length}`);
        this.tap?.read(direction, bytes);
        receiver.events?.data(bytes);
      },
      ended: () => {
        receiver.hasEnded = true;
        receiver.events?.ended();
        this.#closeIfDone(opposite(direction));
      },
      endSent: () => {
        this.#closeIfDone(direction);
      },
      drained: () => {
        if (!sender.open) return;
        this.tap?.waits(direction, false);
        sender.events?.drained();
      },
      unwanted: () => {
        this.#answerUnwanted(direction);
      },
    });
  }

  /** Something was sent to an end that is gone: its kernel says so, once its machine has power. */
  #answerUnwanted(direction: Direction): void {
    const { host } = this.#end(opposite(direction)).process;
    if (host.powered) this.#reset(direction);
    else host.whenPowered(() => this.#reset(direction));
  }

  #reset(direction: Direction): void {
    const end = this.#end(direction);
    this.#path.carry(opposite(direction), () => {
      end.process.run(() => {
        if (!end.open || this.#severed) return;
        this.#stage.record(`${this.label} ${direction} is reset`);
        this.#forget(direction);
        end.events?.closed('read ECONNRESET');
      });
    });
  }

  /** With both directions ended the connection is over for this end. */
  #closeIfDone(direction: Direction): void {
    const end = this.#end(direction);
    end.process.defer(() => {
      if (!end.open || !end.hasEnded || !this.#pipes[direction].isEndSent) return;
      this.#forget(direction);
      end.events?.closed('the peer closed the connection');
    });
  }

  #forget(direction: Direction): void {
    this.#end(direction).open = false;
    this.#pipes[direction].abandon();
    this.incoming(direction).receiverGone();
  }
}

function opposite(direction: Direction): Direction {
  return direction === 'to-server' ? 'to-client' : 'to-server';
}

function printable(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes).toString('latin1'));
}
