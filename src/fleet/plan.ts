/** What a fleet is to do. Every thread gets the same plan and its own number. */
export interface FleetPlan {
  readonly host: string;
  readonly port: number;
  readonly clients: number;
  readonly threads: number;
  /** Readings a second of all clients together, each due at its own moment; undefined: each client sends when it has been answered. */
  readonly readingsPerSecond: number | undefined;
  /** The chance that sending a reading cuts its connection, 0 to 1. */
  readonly loss: number;
  /** Rules what is cut. */
  readonly seed: number;
  /** Units are called this, a hyphen, and a number from 1. */
  readonly name: string;
  /** 8 hex digits, new for each run: a run with an old epoch would send what the server has. */
  readonly epoch: string;
  /** Readings that are due in so many milliseconds from the start do not count for the latency. */
  readonly warmUpMs: number;
  /** The longest wait before a client dials again. */
  readonly reconnectMsMax: number;
}

/** Units that thread `thread` simulates, counted from 0 over the whole fleet: every so-manieth, so that threads are equally busy. */
export function unitsOfThread({ clients, threads }: Pick<FleetPlan, 'clients' | 'threads'>, thread: number): number[] {
  return Array.from({ length: Math.ceil((clients - thread) / threads) }, (_, place) => thread + place * threads);
}

export function unitName({ name }: Pick<FleetPlan, 'name'>, unit: number): string {
  return `${name}-${unit + 1}`;
}
