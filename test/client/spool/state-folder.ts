import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSpool, type OpenSpool, type OpenSpoolOptions } from '../../../src/client/spool/open-spool.ts';
import { createManualClock } from '../../manual-clock.ts';

/** An empty state folder that goes with the scope that holds it, and the spools that are opened in it. */
export class StateFolder implements AsyncDisposable {
  readonly path: string;
  readonly events: string[] = [];
  #drawn = 0xab00_0000;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<StateFolder> {
    return new StateFolder(await mkdtemp(join(tmpdir(), 'spool-')));
  }

  open(options: Partial<OpenSpoolOptions> = {}): Promise<OpenSpool> {
    return openSpool({
      stateDir: this.path,
      bytesMax: 2 ** 20,
      sync: 'never',
      drawHex: () => (this.#drawn += 1).toString(16),
      clock: createManualClock(),
      log: (_level, event) => void this.events.push(event),
      ...options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}
