/** What a machine reports of one sensor: its `id` where it has one, and the values under their names on the wire. */
export interface DriftReading {
  readonly sensor: Sensor;
  readonly id?: string;
  readonly values: Readonly<Record<string, number>>;
}

export type Sensor = 'cpu_temp' | 'disk' | 'ram' | 'cpu';

const pageBytes = 4_096;
const ramPages = 3_950_255;
const diskPages = 61_049_646;
/** ext4 keeps a twentieth for root, so that `available` is less than what is not used. */
const reservedPages = diskPages / 20;
const cores = 8;
/** The share that an average over 1, 5 and 15 minutes takes of a value that has lasted for 10 s. */
const loadShares = [1 - Math.exp(-10 / 60), 1 - Math.exp(-10 / 300), 1 - Math.exp(-10 / 900)];

/** From one reading to the next: it idles for an hour at a time, and works for a quarter of one. */
const workChance = 1 / 360;
const idleChance = 1 / 90;

/**
 * What the sensors of one machine read every 10 s, from a seed. It drifts as the kernel's counters do: memory and disk move by whole pages and seldom stand
 * still or go straight, a temperature has one decimal, a utilisation four, loads two and follow it. Its steps have two-sided exponential distributions, whose
 * spread depends on whether the machine idles or works. Neither constant nor white noise: both would flatter, or insult, whatever compresses it.
 */
export class MachineDrift {
  #state: number;
  #works = false;
  /** The utilisation about which it moves at present. */
  #level: number;
  #celsius = 41;
  #loads: readonly number[];
  #ramUsed: number;
  readonly #ramHome: number;
  #diskUsed: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e37_79b9) | 1;
    this.#level = 0.01 + 0.04 * this.#draw();
    const load = this.#level * cores;
    this.#loads = [load, load, load];
    this.#ramHome = Math.round(ramPages * (0.15 + 0.5 * this.#draw()));
    this.#ramUsed = this.#ramHome;
    this.#diskUsed = Math.round(diskPages * (0.1 + 0.6 * this.#draw()));
  }

  next(sensor: Sensor): DriftReading {
    this.#moveOn();
    switch (sensor) {
      case 'cpu_temp':
        return { sensor, id: 'coretemp/Package id 0', values: { celsius: this.#temperature() } };
      case 'disk':
        return { sensor, id: '/', values: this.#disk() };
      case 'ram':
        return { sensor, values: this.#ram() };
      default:
        return { sensor, values: this.#cpu() };
    }
  }

  #moveOn(): void {
    if (this.#draw() >= (this.#works ? idleChance : workChance)) return;
    this.#works = !this.#works;
    this.#level = this.#works ? 0.2 + 0.6 * this.#draw() : 0.01 + 0.04 * this.#draw();
  }

  #temperature(): number {
    this.#celsius += (40 + 35 * this.#level - this.#celsius) * 0.2 + this.#step(0.4);
    return Math.round(this.#celsius * 10) / 10;
  }

  #cpu(): DriftReading['values'] {
    const utilisation = Math.min(1, Math.max(0, this.#level * (1 + this.#step(0.15))));
    const wanting = utilisation * cores + 0.1 * this.#draw();
    this.#loads = this.#loads.map((load, index) => load + (wanting - load) * (loadShares[index] ?? 0));
    const [load1 = 0, load5 = 0, load15 = 0] = this.#loads;
    return {
      utilisation: Math.round(utilisation * 10_000) / 10_000,
      load1: Math.round(load1 * 100) / 100,
      load5: Math.round(load5 * 100) / 100,
      load15: Math.round(load15 * 100) / 100,
    };
  }

  #ram(): DriftReading['values'] {
    const step = this.#step(this.#works ? 10_000 : 500) + (this.#ramHome - this.#ramUsed) * 0.002;
    this.#ramUsed = within(this.#ramUsed + Math.round(step), ramPages);
    const used = this.#ramUsed * pageBytes;
    const total = ramPages * pageBytes;
    return { used, available: total - used, total };
  }

  #disk(): DriftReading['values'] {
    // Logs are written every other time; what a machine that works writes, it mostly deletes again.
    const pages = this.#works ? this.#step(1_500) + 5 : this.#draw() < 0.5 ? 0 : Math.abs(this.#step(6));
    this.#diskUsed = within(this.#diskUsed + Math.round(pages), diskPages - reservedPages);
    return {
      used: this.#diskUsed * pageBytes,
      available: Math.floor(diskPages - reservedPages - this.#diskUsed) * pageBytes,
      total: diskPages * pageBytes,
    };
  }

  /** Two-sided exponential: `spread` is the mean of its size. */
  #step(spread: number): number {
    const size = -Math.log(1 - this.#draw()) * spread;
    return this.#draw() < 0.5 ? -size : size;
  }

  /** A number in [0, 1): Marsaglia's xorshift of 32 bits (doi:10.18637/jss.v008.i14), the same wherever it runs. */
  #draw(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }
}

function within(pages: number, all: number): number {
  return Math.min(Math.floor(all), Math.max(0, pages));
}
