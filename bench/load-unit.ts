import { connect, type Socket } from 'node:net';
import type { Dialect } from './dialect.ts';
import { MachineDrift, type Sensor } from './machine-drift.ts';

/** In the order of a client's round: frames of 110 to 150 bytes. */
const sensors: readonly Sensor[] = ['cpu_temp', 'disk', 'ram', 'cpu'];
/** Seven digits from the start, so that all frames of a run are of one length. */
const firstSeq = 1_000_000;
const readBytes = 1_024;

export interface LoadUnitOptions {
  readonly number: number;
  readonly name: string;
  readonly port: number;
  /** Where it dials from; left to the system where it is not given. */
  readonly address: string | undefined;
  readonly dialect: Dialect;
  /** It may send. */
  readonly ready: () => void;
  readonly answered: () => void;
}

/** One connection of the load, with a machine behind it. It has at most one reading on its way. Any answer but the right one ends the program. */
export class LoadUnit {
  readonly #options: LoadUnitOptions;
  readonly #machine: MachineDrift;
  readonly #socket: Socket;
  #isReady = false;
  #seq = firstSeq;
  /** Of an answer that came in pieces. */
  #received = '';

  constructor(options: LoadUnitOptions) {
    const { number, name, port, address, dialect } = options;
    // One buffer for all of a connection's answers; without it each one is allocated.
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    this.#options = options;
    this.#machine = new MachineDrift(number);
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      ...(address === undefined ? {} : { localAddress: address }),
      noDelay: true,
      onread: {
        buffer,
        callback: (count) => {
          this.#take(buffer.toString('latin1', 0, count));
          return true;
        },
      },
    });
    this.#socket.on('connect', () => {
      if (dialect.greeting === undefined) this.#begin();
      else this.#socket.write(dialect.greeting.text(name), 'latin1');
    });
    this.#socket.on('error', (cause) => {
      throw new Error(`${name}: its connection failed`, { cause });
    });
    this.#socket.on('close', () => {
      throw new Error(`${name}: the server closed the connection: ${this.#received}`);
    });
  }

  /** Takes a reading and sends it. */
  send(): void {
    const { name: unit, dialect } = this.#options;
    const sensor = sensors[this.#seq % sensors.length] ?? 'cpu';
    const reading = { ...this.#machine.next(sensor), unit, seq: this.#seq, timeMs: Date.now() };
    this.#seq += 1;
    this.#socket.write(dialect.request(reading), 'latin1');
  }

  #take(text: string): void {
    const { dialect, answered } = this.#options;
    this.#received = this.#received === '' ? text : this.#received + text;
    const isWhole = this.#isReady
      ? dialect.isAnswered(this.#received)
      : dialect.greeting?.isAnswered(this.#received) === true;
    if (!isWhole) return;
    this.#received = '';
    if (this.#isReady) answered();
    else this.#begin();
  }

  #begin(): void {
    this.#isReady = true;
    this.#options.ready();
  }
}
