import type { Reading } from '../../src/core/reading.ts';
import type { ClientAction } from '../../src/session/client-contract.ts';
import type { Archive } from './archive.ts';
import { strangerSeconds } from './forger.ts';
import type { IntervalBook } from './interval-book.ts';
import { contentOf, labelOf } from './ledger.ts';
import { nameOf, type Reckoning } from './reckoning.ts';
import type { Stage } from './stage.ts';

export interface ClientLifeOptions {
  readonly stage: Stage;
  readonly label: string;
  readonly archive: Archive;
  readonly book: IntervalBook;
  readonly reckoning: Reckoning;
  /** Who it was when it last ran, as far as it remembers. */
  readonly unit: Known | undefined;
}

/** Who the server said it is, and how many disks that server had lost before. */
interface Known {
  readonly clientId: string;
  readonly disks: number;
}

/** The books of one run of a client: what it took, what became of it, and what it was told. */
export class ClientLife {
  readonly #options: ClientLifeOptions;
  #epochs = 0;
  /** Readings that were dropped and of which no reading has told. */
  #untold = 0;
  /** Readings that the spool has dropped and the log has not said. */
  #unsaid = 0;
  /** Readings of the sensors that are on their way into the spool. */
  #read = 0;
  #grant: { readonly clientId: string; readonly v: 1 | 2; rev: number } | undefined;
  #seconds = 0;
  #unit: Known | undefined;
  /** How long it waits to connect anew, each time since a reading was answered. */
  readonly #waitsMs: number[] = [];

  constructor(options: ClientLifeOptions) {
    this.#options = options;
    this.#unit = options.unit;
  }

  /** Who it is, as far as it knows. */
  get unit(): Known | undefined {
    return this.#unit;
  }

  /** What the last registration, and what came after it, says. */
  get seconds(): number {
    return this.#seconds;
  }

  get clientId(): string | undefined {
    return this.#grant?.clientId;
  }

  /** Epochs that it has drawn. */
  get epochs(): number {
    return this.#epochs;
  }

  epoch(epoch: string): string {
    this.#epochs += 1;
    return epoch;
  }

  /** A round was read. */
  round(readings: readonly Reading[]): readonly Reading[] {
    this.#read = readings.length;
    return readings;
  }

  /** Of the round a reading is left out, and that is said. */
  leftOut(): void {
    this.#read -= 1;
  }

  /** The round goes into the spool, and with it what the client has to say of itself: all that it dropped before. */
  spooled(readings: readonly Reading[]): void {
    const { stage, label } = this.#options;
    const own = readings.filter(({ sensor }) => sensor === 'agent');
    const told = own.reduce((sum, { values }) => sum + (values['dropped'] ?? 0), 0);
    stage.check(told === this.#untold, () => `${label} has dropped ${this.#untold} readings and tells of ${told}`);
    this.#untold = 0;
    const count = readings.length - own.length;
    stage.check(this.#unsaid === 0, () => `${label} has dropped ${this.#unsaid} readings and logs nothing`);
    stage.check(count === this.#read, () => `${label} has read ${this.#read} and puts ${count} into its spool`);
  }

  /** The spool gives some up. */
  dropped(count: number): void {
    this.#unsaid += count;
  }

  /** The log says so. */
  logsDropped(count: number): void {
    this.#unsaid -= count;
    this.#untold += count;
  }

  perform(action: ClientAction): void {
    const { stage, book, label } = this.#options;
    switch (action.type) {
      case 'registered': {
        const { clientId, v, rev, seconds } = action.grant;
        const { disks } = this.#options.archive;
        const same =
          this.#unit === undefined || this.#unit.disks !== disks || this.#unit.clientId === clientId || v === 1;
        stage.check(same, () => `${label} was ${this.#unit?.clientId} and comes back as ${clientId}`);
        if (v === 2) this.#unit = { clientId, disks: this.#options.archive.disksBefore(clientId) };
        this.#grant = { clientId, v, rev };
        this.#seconds = seconds;
        if (v === 2) book.applied(clientId, rev, seconds);
        return;
      }
      case 'interval': {
        const grant = this.#grant;
        this.#seconds = action.seconds;
        stage.check(action.seconds !== strangerSeconds, () => `${label} obeys a stranger`);
        if (grant?.v !== 2) return;
        const { rev } = grant;
        stage.check(action.rev > rev, () => `${label} goes from revision ${rev} to ${action.rev}`);
        grant.rev = action.rev;
        book.applied(grant.clientId, action.rev, action.seconds);
        return;
      }
      case 'released':
        this.#waitsMs.length = 0;
        this.#released(action);
        return;
      case 'lost':
        this.#lost(action.retryMs, action.reason.startsWith('pending: '));
        return;
      default:
        return;
    }
  }

  /** Backs off: from half a second, doubling to half a minute, with full jitter. */
  #lost(waitMs: number, isPending: boolean): void {
    const { stage, label } = this.#options;
    // One that is told to wait does so for a minute.
    const ceilingMs = isPending ? 60_000 : Math.min(30_000, 500 * 2 ** this.#waitsMs.length);
    stage.check(waitMs <= ceilingMs, () => `${label} waits ${waitMs} ms, of ${ceilingMs} ms at most`);
    this.#waitsMs.push(waitMs);
    // Chance makes eight waits in a row as short as that once in seventy million times.
    const lastMs = this.#waitsMs.slice(-8).reduce((sum, ms) => sum + ms, 0);
    stage.check(this.#waitsMs.length < 8 || lastMs > 2_000, () => `${label} dials eight times within ${lastMs} ms`);
  }

  #released({ readings, refused }: Extract<ClientAction, { type: 'released' }>): void {
    const { stage, archive, label } = this.#options;
    for (const reading of readings) {
      const { epoch, seq } = reading;
      if (refused !== undefined) {
        stage.check(!/^[a-z]/.test(reading.sensor), () => `${label} ${epoch} ${seq} is refused: ${refused}`);
      } else if (this.#grant?.v === 1) {
        this.#options.reckoning.answeredByV1(nameOf(reading));
      } else if (this.#grant !== undefined && !archive.isGivenUp(epoch, seq)) {
        const stored = archive.content(this.#grant.clientId, epoch, seq);
        stage.check(
          stored === contentOf(reading),
          () => `${labelOf(label, epoch, seq)} is let go of and stored as ${stored ?? 'nothing'}`,
        );
      }
    }
  }
}
