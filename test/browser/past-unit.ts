import { connect, type Socket } from 'node:net';
import type { Reading } from '../../src/core/reading.ts';
import { frameText } from '../../src/fleet/simulated-reading.ts';
import { framed } from '../../src/framing/frame.ts';
import { readingData } from '../../src/session/reading-codec.ts';
import { registrationData } from '../../src/session/registration.ts';

export interface PastUnitOptions {
  readonly port: number;
  readonly name: string;
  /** What it measured at a time, milliseconds since 1970. */
  readonly readingsAt: (timeMs: number) => readonly Reading[];
}

/** What was measured before it came is a backlog, which has an epoch of its own: by what comes live the server tells its clock. */
const epochs = { past: '0000a001', live: '0000a002' };
const granted = '!SUCC';
const acknowledged = '!INFO: RECEIVED';

/** A simulated client that can tell what it measured before it came, so that charts have a past to draw. */
export class PastUnit implements AsyncDisposable {
  readonly #options: PastUnitOptions;
  readonly #socket: Socket;
  #heard = '';
  #sent = 0;
  #acknowledged = 0;
  #failure: Error | undefined;
  #look: () => void = () => undefined;

  private constructor(options: PastUnitOptions) {
    this.#options = options;
    this.#socket = connect({ host: '127.0.0.1', port: options.port });
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (text: string) => {
      this.#heard += text;
      this.#acknowledged = this.#heard.split(acknowledged).length - 1;
      this.#look();
    });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error(`${options.name} was cut off: ${this.#heard.slice(-200)}`)));
  }

  /** Resolves when it is registered. */
  static async register(options: PastUnitOptions): Promise<PastUnit> {
    const unit = new PastUnit(options);
    const { name } = options;
    const time = `${new Date().toISOString().slice(0, 19)}Z`;
    const registration = { name, ip: '127.0.0.1', udpPort: 0, time, v: 2, epoch: epochs.live, id: undefined } as const;
    unit.#socket.write(frameText(framed('!RGTR', registrationData(registration))));
    await unit.#until(() => unit.#heard.includes(granted));
    return unit;
  }

  /** Sends what it measured every `stepMs` from `fromMs`, before `toMs`; resolves when all of it is stored. */
  async tell({ fromMs, toMs, stepMs }: Readonly<Record<'fromMs' | 'toMs' | 'stepMs', number>>): Promise<void> {
    for (let timeMs = fromMs; timeMs < toMs; timeMs += stepMs) this.#send(timeMs, epochs.past);
    await this.#until(() => this.#acknowledged >= this.#sent);
  }

  /** Sends what it measures now. */
  async tellNow(): Promise<void> {
    this.#send(Date.now(), epochs.live);
    await this.#until(() => this.#acknowledged >= this.#sent);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
  }

  #send(time: number, epoch: string): void {
    for (const reading of this.#options.readingsAt(time)) {
      this.#sent += 1;
      const frame = framed('!INFO', readingData({ ...reading, epoch, seq: this.#sent, time }, epochs.live));
      this.#socket.write(frameText(frame));
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#look();
  }

  #until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#look = () => {
        if (this.#failure !== undefined) reject(this.#failure);
        else if (holds()) resolve();
      };
      this.#look();
    });
  }
}
