import { MemorySpool } from '../../src/client/memory-spool.ts';
import type { Spool } from '../../src/client/spool/contract.ts';
import type { DiskSpool } from '../../src/client/spool/disk-spool.ts';
import type { Fields, Log } from '../../src/core/log.ts';
import type { Archive } from './archive.ts';
import { ClientDisk, type Identity } from './client-disk.ts';
import type { ClientLife } from './client-life.ts';
import type { SpoolPlan } from './plan.ts';
import type { Ending, Process } from './process.ts';
import { Reckoning } from './reckoning.ts';
import { SpoolDisk } from './spool-disk.ts';
import type { Stage } from './stage.ts';
import { roundReadingsMax } from './take-readings.ts';
import { watchedSpool } from './watched-spool.ts';

export interface ClientStorageOptions {
  readonly stage: Stage;
  readonly archive: Archive;
  readonly name: string;
  readonly plan: SpoolPlan;
}

/** No round of these readings takes more bytes in a segment, with a header and with what was answered; when it has failed for a while, more at once. */
const writeBytesMax = 8_192;

/** What outlives a client's program: its disk, and the books of what it took. */
export class ClientStorage {
  readonly reckoning: Reckoning;
  /** A join token, until it has let this machine in. */
  token: string | undefined;
  readonly #options: ClientStorageOptions;
  readonly #disk: ClientDisk;
  #open: DiskSpool | undefined;
  #closed = false;

  /** With the storage of another machine, it is a copy of that. */
  constructor(options: ClientStorageOptions, former?: ClientStorage) {
    const { stage, archive, name, plan } = options;
    this.#options = options;
    this.#disk = new ClientDisk(stage, plan, former?.spoolDisk?.copy() ?? new SpoolDisk(stage, name));
    this.#disk.identity = former?.identity;
    const disk = this.spoolDisk;
    this.reckoning = new Reckoning(
      { stage, name, archive, disk, synced: plan.kind === 'synced' },
      disk === undefined ? undefined : former?.reckoning,
    );
    this.#disk.spool.watch = this.reckoning;
  }

  get identity(): Identity | undefined {
    return this.#disk.identity;
  }

  set identity(identity: Identity | undefined) {
    this.#disk.identity = identity;
  }

  /** Undefined: it has its readings in memory alone. */
  get spoolDisk(): SpoolDisk | undefined {
    return this.#options.plan.kind === 'memory' ? undefined : this.#disk.spool;
  }

  copy(): ClientStorage {
    return new ClientStorage(this.#options, this);
  }

  /** The spool of a program that starts; rejects where the program does not. */
  open(process: Process, log: Log, life: ClientLife): Spool | Promise<Spool> {
    const { stage, name, plan } = this.#options;
    const { reckoning } = this;
    const watched = (spool: Spool): Spool => {
      const isClosed = (): boolean => this.#closed;
      return watchedSpool({
        stage,
        process,
        name,
        spool,
        reckoning,
        life,
        isClosed,
        added: () => this.#bounded(spool),
      });
    };
    this.#open = undefined;
    this.#closed = false;
    if (plan.kind === 'memory') return watched(new MemorySpool(plan.readingsMax));
    return this.#disk
      .open(process, log, (held) => reckoning.begin(held))
      .then((spool) => {
        if (process.alive) this.#open = spool;
        return watched(spool);
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#open?.close();
  }

  /** What the client says of its spool. */
  logged(event: string, fields: Fields | undefined): void {
    if (event === 'spool-failed' && fields?.['unwritten'] !== undefined) this.reckoning.failing(true);
    if (event === 'spool-recovered') this.reckoning.failing(false);
    if (event === 'spool-damaged' && this.#open !== undefined) this.#damaged(String(fields?.['file']));
  }

  /** The program is gone. */
  end(way: Ending): void {
    this.#open = undefined;
    this.reckoning.end(way);
    this.#disk.forget(way);
  }

  /** A bit on its disk turns over: it may cost the record that it is in, and no other. */
  rot(): void {
    const { stage, name } = this.#options;
    const rotten = this.spoolDisk?.files.rot(stage.random);
    if (rotten === undefined) return;
    const { lost, hit } = rotten;
    stage.record(`${name} a bit turns over, and ${lost.length} readings are gone`);
    for (const label of lost)
      stage.check(hit.has(label), () => `${name} ${label} is gone with a bit of another record`);
    // Where a failed write has left another copy, that may not count any more.
    this.reckoning.excuse([...lost, ...hit]);
  }

  /** While it runs no bit turns over: a segment is given up where it cannot be read. */
  #damaged(file: string): void {
    const { stage, name } = this.#options;
    const { spool } = this.#disk;
    stage.check(spool.wasUnreadable(file), () => `${name} gives up ${file}, which can be read`);
    this.reckoning.givesUp(spool.files.labelsIn(file));
  }

  #bounded(spool: Spool): void {
    const { stage, name, plan } = this.#options;
    if (plan.kind === 'memory') {
      stage.check(spool.size <= plan.readingsMax, () => `${name} holds ${spool.size} readings`);
      return;
    }
    const { unwritten } = this.reckoning;
    const unwrittenMax = plan.unwrittenMax + roundReadingsMax;
    stage.check(unwritten <= unwrittenMax, () => `${name} has ${unwritten} readings in memory alone`);
    const { bytes, hasFailed } = this.#disk.spool;
    const bounded = hasFailed || bytes <= plan.bytesMax + writeBytesMax;
    stage.check(bounded, () => `${name} has ${bytes} bytes on its disk, of ${plan.bytesMax}`);
  }
}
