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
  /** The oldest of the readings that it gave is stored. Its answer goes out with `flush`. */
  stored(): void;
  flush(): void;
}

/** Readings over which the clock's offset is judged, at least, and at most twice as many: the least delayed of them is the truest. */
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
  /** The largest offset of the samples that are being gathered, and of those before; two numbers in place of a list for each unit. */
  #offsetMs = Number.NEGATIVE_INFINITY;
  #formerOffsetMs = Number.NEGATIVE_INFINITY;
  #offsetCount = 0;
  /** The wanted interval as the store has it: what a crash leaves, so nothing else may be told. */
  #stored: Revision;
  /** The revision that the connection was told last. */
  #toldRev = 0;
  /** The revision that a v1 unit was told as often as it is told. */
  #assumedRev = 0;

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
    if (interval.assumed) this.#assumedRev = interval.rev;
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
    // What was assumed meanwhile was of the interval that the unit had been told.
    const assumed = interval.assumed || storedRev === this.#assumedRev;
    this.record = { ...this.record, interval: { ...interval, wantedSeconds: seconds, rev: storedRev, assumed } };
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
    if (this.#offsetCount === offsetSamples) {
      this.#offsetCount = 0;
      this.#formerOffsetMs = this.#offsetMs;
      this.#offsetMs = Number.NEGATIVE_INFINITY;
    }
    this.#offsetCount += 1;
    this.#offsetMs = Math.max(this.#offsetMs, takenMs - arrivedMs);
  }

  /** Its clock minus the server's. A delay on the way only makes it smaller, so the largest of the last is nearest. */
  get clockOffsetMs(): number | null {
    return this.#offsetCount === 0 ? null : Math.max(this.#offsetMs, this.#formerOffsetMs);
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
    this.record = { ...this.record, interval: { ...this.record.interval, assumed: false } };
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
