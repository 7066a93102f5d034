import { DiskSpool } from '../../src/client/spool/disk-spool.ts';
import { labelsOf } from '../../src/client/spool/label-ranges.ts';
import { recoverSpool } from '../../src/client/spool/recover.ts';
import type { Log } from '../../src/core/log.ts';
import type { SpoolPlan } from './plan.ts';
import type { Ending, Process } from './process.ts';
import { nameOf } from './reckoning.ts';
import type { SpoolDisk } from './spool-disk.ts';
import type { Stage } from './stage.ts';

/** How likely a small file that was written of late is gone with the power. */
const forgottenChance = 0.15;

/** What a client has remembered of its server. */
export interface Identity {
  readonly clientId: string;
  /** How many disks the server had lost when it gave that. */
  readonly disks: number;
}

/** The disk of a client's machine: who it is, whose spool that is, and the spool. */
export class ClientDisk {
  identity: Identity | undefined;
  readonly spool: SpoolDisk;
  #owner: string | undefined;
  readonly #stage: Stage;
  readonly #plan: SpoolPlan;

  constructor(stage: Stage, plan: SpoolPlan, spool: SpoolDisk) {
    this.#stage = stage;
    this.#plan = plan;
    this.spool = spool;
  }

  /** Opens the spool as the client does; `found` gets the labels of what it holds. Rejects where the client does not start. */
  async open(process: Process, log: Log, found: (held: ReadonlySet<string>) => void): Promise<DiskSpool> {
    const { random } = this.#stage;
    const { bytesMax, recentMax, unwrittenMax, kind } = this.#plan;
    const folder = this.spool.folder(process);
    const recovered = await recoverSpool(folder, 'spool', this.#owner);
    const owner = recovered.owner ?? random.hex(8);
    this.#owner = owner;
    found(new Set(recovered.shelf.segments.flatMap(({ held }) => [...labelsOf(held)].map(nameOf))));
    return new DiskSpool({
      folder,
      recovered,
      owner,
      drawSalt: () => random.hex(8),
      clock: process.clock,
      log,
      bytesMax,
      sync: kind === 'synced' ? 'round' : 'never',
      recentMax,
      unwrittenMax,
    });
  }

  /** The power is gone, and may have taken what the client wrote without waiting for it. */
  forget(way: Ending): void {
    const { random } = this.#stage;
    if (way !== 'power') return;
    if (random.chance(forgottenChance)) this.identity = undefined;
    if (random.chance(forgottenChance)) this.#owner = undefined;
  }
}
