import type { Socket } from 'node:net';
import type { Dialect } from './dialect.ts';
import type { LoadKey } from './load-key.ts';
import { dialLoadSocket, type LoadScheme } from './load-socket.ts';
import { MachineDrift, type Sensor } from './machine-drift.ts';

/** In the order of a client's round: frames of 110 to 150 bytes. */
const sensors: readonly Sensor[] = ['cpu_temp', 'disk', 'ram', 'cpu'];
/** Seven digits from the start, so that all frames of a run are of one length. */
const firstSeq = 1_000_000;

export interface LoadUnitOptions {
  readonly number: number;
  readonly name: string;
  readonly port: number;
  /** Where it dials from; left to the system where it is not given. */
  readonly address: string | undefined;
  readonly scheme: LoadScheme;
  /** Undefined: it has none. */
  readonly key: LoadKey | undefined;
  readonly dialect: Dialect;
  /** Readings that go out together. */
  readonly readingsASend: number;
  /** It may send. */
  readonly ready: () => void;
  readonly answered: () => void;
}

/** One connection of the load, with a machine behind it. It has at most one reading, or round of readings, on its way. Any answer but the right one ends the program. */
export class LoadUnit {
  readonly #options: LoadUnitOptions;
  readonly #machine: MachineDrift;
  #socket: Socket;
  #isReady = false;
  #seq = firstSeq;
  /** What it has said first, on this connection. */
  #greeting = '';
  #binding = '-';
  /** Of an answer that came in pieces. */
  #received = '';

  constructor(options: LoadUnitOptions) {
    this.#options = options;
    this.#machine = new MachineDrift(options.number);
    this.#socket = this.#dial();
  }

  /** Takes a reading, or a round of them, and sends it. */
  send(): void {
    const { readingsASend } = this.#options;
    let requests = this.#request();
    for (let count = 1; count < readingsASend; count += 1) requests += this.#request();
    this.#socket.write(requests, 'latin1');
  }

  /** Its connection ends without a word, as when the link breaks. Nothing may be on its way. */
  cut(): void {
    this.#socket.removeAllListeners();
    this.#socket.on('error', () => undefined);
    this.#socket.destroy();
  }

  /** After `cut`: as the same unit. */
  dialAgain(): void {
    this.#isReady = false;
    this.#socket = this.#dial();
  }

  #request(): string {
    const { name: unit, dialect } = this.#options;
    const sensor = sensors[this.#seq % sensors.length] ?? 'cpu';
    const reading = { ...this.#machine.next(sensor), unit, seq: this.#seq, timeMs: Date.now() };
    this.#seq += 1;
    return dialect.request(reading);
  }

  #dial(): Socket {
    const { name, port, address, scheme, dialect } = this.#options;
    const socket = dialLoadSocket({
      port,
      address,
      scheme,
      connected: (binding) => {
        this.#binding = binding;
        if (dialect.greeting === undefined) return this.#begin();
        this.#greeting = dialect.greeting.text(name);
        socket.write(this.#greeting, 'latin1');
      },
      received: (text) => this.#take(text),
    });
    socket.on('error', (cause) => {
      throw new Error(`${name}: its connection failed`, { cause });
    });
    socket.on('close', () => {
      throw new Error(`${name}: the server closed the connection: ${this.#received}`);
    });
    return socket;
  }

  #take(text: string): void {
    const { dialect, readingsASend, answered } = this.#options;
    this.#received = this.#received === '' ? text : this.#received + text;
    if (!this.#isReady) return this.#takeWelcome();
    if (!dialect.isAnswered(this.#received, readingsASend)) return;
    this.#received = '';
    answered();
  }

  #takeWelcome(): void {
    const { dialect, key } = this.#options;
    const proof =
      key && dialect.greeting?.proof?.(this.#received, { greeting: this.#greeting, binding: this.#binding, key });
    if (proof !== undefined) {
      this.#received = '';
      this.#socket.write(proof, 'latin1');
    } else if (dialect.greeting?.isAnswered(this.#received) === true) {
      this.#received = '';
      this.#begin();
    }
  }

  #begin(): void {
    this.#isReady = true;
    this.#options.ready();
  }
}
