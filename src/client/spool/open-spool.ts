import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { reasonOf } from '../../core/system-error.ts';
import type { Spool } from './contract.ts';
import { diskFolder } from './disk-folder.ts';
import { DiskSpool } from './disk-spool.ts';
import { ownerFile } from './owner-file.ts';
import { recoverSpool } from './recover.ts';
import { lockState } from './state-lock.ts';
import { unusable } from './unusable.ts';

export interface OpenSpoolOptions {
  /** The client's state folder, which is there. The spool is the folder `spool` in it. */
  readonly stateDir: string;
  /** What its files may have together, bytes; from 1 MiB on. */
  readonly bytesMax: number;
  /** `round`: a round survives a loss of power before it is sent. `never`: when the system has written it by itself. */
  readonly sync: 'never' | 'round';
  /** 8 random hex digits. */
  readonly drawHex: () => string;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
}

export interface OpenSpool {
  readonly spool: Spool;
  /** Writes down what was answered, and lets go of the folder. */
  readonly close: () => Promise<void>;
}

/**
 * Takes the state folder for this process alone and opens the spool in it, with what an earlier run has left. Rejects with a CodedError:
 * `state-in-use`, `folder-unwritable`, `spool-of-another`, `spool-newer`.
 */
export async function openSpool(options: OpenSpoolOptions): Promise<OpenSpool> {
  const { stateDir, log } = options;
  const unlock = await lockState(stateDir, log);
  try {
    const spool = await openLocked(options);
    return {
      spool,
      async close() {
        await spool.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openLocked({ stateDir, bytesMax, sync, drawHex, clock, log }: OpenSpoolOptions): Promise<DiskSpool> {
  const path = join(stateDir, 'spool');
  await prepare(path).catch(unusable(path));
  const folder = diskFolder(path);
  const file = ownerFile(stateDir);
  const known = await file.read().catch(unusable(join(stateDir, 'spool-owner')));
  const recovered = await recoverSpool(folder, path, known);
  const owner = recovered.owner ?? drawHex();
  if (owner !== known) {
    // On a disk that is full the client runs all the same: the spool's segments say whose they are.
    await file.write(owner).catch((error: unknown) => {
      log('warn', 'spool-failed', { file: 'spool-owner', reason: reasonOf(error) });
    });
  }
  return new DiskSpool({ folder, recovered, owner, drawSalt: drawHex, clock, log, bytesMax, sync });
}

async function prepare(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
}
