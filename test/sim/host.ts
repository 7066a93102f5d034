import { Path } from './path.ts';
import type { Stage } from './stage.ts';

export interface HostOptions {
  readonly name: string;
  /** The address at which others see it. */
  readonly address: string;
  /** The address that it knows of; another one behind a NAT, which lets no datagram in. */
  readonly localAddress?: string;
}

/** A machine: an address, a wall clock, a way to the server. */
export class Host {
  readonly name: string;
  readonly path: Path;
  #address: string;
  #localAddress: string;
  readonly #stage: Stage;
  #wallOffsetMs: number;
  #powered = true;
  readonly #onPower: (() => void)[] = [];

  constructor(stage: Stage, { name, address, localAddress }: HostOptions) {
    this.#stage = stage;
    this.name = name;
    this.#address = address;
    this.#localAddress = localAddress ?? address;
    this.path = new Path(stage);
    this.#wallOffsetMs = stage.random.integer(1_700_000_000_000, 1_800_000_000_000);
  }

  get address(): string {
    return this.#address;
  }

  get localAddress(): string {
    return this.#localAddress;
  }

  get isBehindNat(): boolean {
    return this.#localAddress !== this.#address;
  }

  /** It gets another address; what it had open leads nowhere. */
  move(address: string): void {
    this.#address = address;
    this.#localAddress = address;
  }

  get wallMs(): number {
    return this.#wallOffsetMs + this.#stage.nowMs;
  }

  /** Somebody, or NTP, sets the clock. */
  jumpClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  get powered(): boolean {
    return this.#powered;
  }

  powerOff(): void {
    this.#powered = false;
  }

  powerOn(): void {
    this.#powered = true;
    for (const task of this.#onPower.splice(0)) task();
  }

  /** Calls `task` once the machine has power again. */
  whenPowered(task: () => void): void {
    this.#onPower.push(task);
  }
}
