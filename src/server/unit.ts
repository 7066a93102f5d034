import { limits } from '../core/limits.ts';
import type { TakenReading } from '../core/reading.ts';
import { viewOfReading, type ReadingView, type UnitRecord, type UnitState, type UnitView } from '../core/unit.ts';
import type { Revision } from '../session/interval-sender.ts';
import type { ServerInput } from '../session/server-contract.ts';

/** The connection of a live unit, as the server sees it. */
export interface Peer {
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  readonly intervalTries: number;
  input(input: ServerInput): void;
  /** So many of the readings that it gave are stored, the oldest first. */
  stored(count: number): void;
}

/** Readings over which the clock's offset is judged: the least delayed of them is the truest. */
const offsetSamples = 16;

/** A unit while the server runs: its record, its connection, what it last sent. */
export class Unit {
  record: UnitRecord;
  /** Undefined while no connection is registered, or registering, as this unit. */
  peer: Peer | undefined;
  state: UnitState;
  lastSeenMs: number;
  readonly #latest = new Map<string, Map<string, TakenReading>>();
  #series = 0;
  readonly #offsets: number[] = [];
  /** The wanted interval as the store has it: what a crash leaves, so nothing else may be told. */
  #stored: Revision;
  /** The revision that the connection was told last. */
  #toldRev = 0;

  constructor(record: UnitRecord) {
    this.record = record;
    this.#stored = revisionOf(record);
    this.state = record.left ? 'disconnected' : 'lost';
    this.lastSeenMs = record.lastSeenMs;
  }

  get clientId(): string {
    return this.record.clientId;
  }

  get name(): string {
    return this.record.name;
  }

  get askedName(): string {
    return this.record.askedName;
  }

  /** Its last registration's address. */
  get address(): string {
    return this.record.peer;
  }

  /** An operator wants another interval. It goes out once the store has it. */
  want(seconds: number): Revision {
    const { interval } = this.record;
    const rev = interval.rev + 1;
    this.record = { ...this.record, interval: { ...interval, wantedSeconds: seconds, rev, assumed: false } };
    return { rev, seconds };
  }

  /** The store has `revision`, which is told unless a newer one is on its way there. */
  wantStored(revision: Revision): void {
    if (revision.rev >= this.#stored.rev) this.#stored = revision;
    this.#tell();
  }

  /** The store does not have it: what it has is wanted again. */
  wantFailed({ rev }: Revision): void {
    const { interval } = this.record;
    if (interval.rev !== rev) return;
    const { rev: storedRev, seconds } = this.#stored;
    this.record = { ...this.record, interval: { ...interval, wantedSeconds: seconds, rev: storedRev } };
    this.#tell();
  }

  /** What `!SUCC` tells the connection that registers. */
  grant(): Revision {
    this.#toldRev = this.#stored.rev;
    return this.#stored;
  }

  /** Keeps the newest reading of each series; one that comes late from a backlog replaces nothing newer. */
  take(reading: TakenReading): void {
    let bySensor = this.#latest.get(reading.sensor);
    if (bySensor === undefined) {
      if (this.#series >= limits.latestSeriesMax) return;
      bySensor = new Map();
      this.#latest.set(reading.sensor, bySensor);
    }
    const id = reading.id ?? '';
    const newest = bySensor.get(id);
    if (newest === undefined) {
      if (this.#series >= limits.latestSeriesMax) return;
      this.#series += 1;
    } else if (newest.time > reading.time) {
      return;
    }
    bySensor.set(id, reading);
  }

  /** A live reading was taken at `takenMs` of the unit's clock and arrived at `arrivedMs` of the server's. */
  measureClock(takenMs: number, arrivedMs: number): void {
    this.#offsets.push(takenMs - arrivedMs);
    if (this.#offsets.length > offsetSamples) this.#offsets.shift();
  }

  /** Its clock minus the server's. A delay on the way only makes it smaller, so the largest of the last is nearest. */
  get clockOffsetMs(): number | null {
    return this.#offsets.length === 0 ? null : Math.max(...this.#offsets);
  }

  view(): UnitView {
    const { clientId, name, v, ip, port, interval, registeredMs } = this.record;
    const confirmed = interval.confirmedRev >= interval.rev;
    return {
      client_id: clientId,
      name,
      state: this.state,
      v,
      ip,
      port,
      interval: {
        confirmed: interval.confirmedSeconds,
        wanted: interval.wantedSeconds,
        rev: interval.rev,
        state: confirmed ? 'confirmed' : interval.assumed ? 'assumed' : 'sending',
        tries: confirmed ? 0 : (this.peer?.intervalTries ?? 0),
      },
      registered: new Date(registeredMs).toISOString(),
      last_seen: new Date(this.lastSeenMs).toISOString(),
      clock_offset_ms: this.clockOffsetMs,
      latest: this.#latestView(),
    };
  }

  #tell(): void {
    const revision = this.#stored;
    if (revision.rev !== this.record.interval.rev || revision.rev <= this.#toldRev) return;
    this.#toldRev = revision.rev;
    this.peer?.input({ type: 'interval', revision });
  }

  #latestView(): Readonly<Record<string, readonly ReadingView[]>> {
    const view: Record<string, readonly ReadingView[]> = {};
    for (const [sensor, byId] of this.#latest) view[sensor] = [...byId.values()].map(viewOfReading);
    return view;
  }
}

function revisionOf({ interval: { rev, wantedSeconds } }: UnitRecord): Revision {
  return { rev, seconds: wantedSeconds };
}
