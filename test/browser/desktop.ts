import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files of a desktop computer, for a client that reads them with `--root`: with a thermometer that a test can heat. */
export class Desktop {
  readonly root: string;

  /** Copies them into `folder`. */
  constructor(folder: string, name: string) {
    this.root = join(folder, `${name}-root`);
    cpSync(fileURLToPath(new URL('../fixtures/intel-desktop', import.meta.url)), this.root, { recursive: true });
  }

  /** Of the CPU's package. The driver has steps of 1 °C. */
  heatTo(celsius: number): void {
    writeFileSync(join(this.root, 'sys/class/hwmon/hwmon3/temp1_input'), `${celsius * 1_000}\n`);
  }
}
