import { backoffMs } from '../core/backoff.ts';
import { limits } from '../core/limits.ts';
import { Cuts } from './cuts.ts';
import type { LedgerLine } from './ledger.ts';
import type { ThreadData } from './messages.ts';
import { unitName, unitsOfThread, type FleetPlan } from './plan.ts';
import { DueReadings, Schedule } from './schedule.ts';
import { SimulatedUnit } from './simulated-unit.ts';
import { Tally, type Counts } from './tally.ts';
import { dialUnit } from './unit-socket.ts';

/** Units of one thread that dial and register at a time; a server has room for some hundreds that wait to be accepted. */
const diallingMax = 100;
const lookMs = 1_000;
/** While it leaves, a thread looks this often whether all of its units have left. */
const leaveLookMs = 20;

export interface ThreadLoadOptions extends ThreadData {
  /** Called each second with what has happened so far. */
  readonly tell: (counts: Counts) => void;
  /** Called once, when all units have registered. */
  readonly tellRegistered: () => void;
}

/** The units of one thread, with their sockets and timers. */
export class ThreadLoad {
  readonly #plan: FleetPlan;
  readonly #tally = new Tally();
  readonly #numbers: readonly number[];
  /** Units that have never registered. */
  readonly #unregistered: Set<number>;
  readonly #tellRegistered: () => void;
  readonly #units: readonly SimulatedUnit[];
  readonly #waiting: SimulatedUnit[] = [];
  readonly #dialling = new Set<SimulatedUnit>();
  readonly #lookTimer: NodeJS.Timeout;
  #schedule: Schedule | undefined;
  #due: DueReadings | undefined;
  #dueTimer: NodeJS.Timeout | undefined;
  #utilization = performance.eventLoopUtilization();
  #ended = false;

  constructor({ plan, thread, tell, tellRegistered }: ThreadLoadOptions) {
    this.#plan = plan;
    this.#numbers = unitsOfThread(plan, thread);
    this.#unregistered = new Set(this.#numbers);
    this.#tellRegistered = tellRegistered;
    this.#units = this.#numbers.map((unit) => this.#makeUnit(unit));
    for (const unit of this.#units) this.#dialSoon(unit);
    this.#lookTimer = setInterval(() => {
      for (const unit of this.#units) unit.look(nowMs());
      tell(this.counts());
    }, lookMs);
  }

  /** What has happened so far; how busy it was since it was asked last. */
  counts(): Counts {
    const utilization = performance.eventLoopUtilization();
    const busy = performance.eventLoopUtilization(utilization, this.#utilization).utilization;
    this.#utilization = utilization;
    const unanswered = this.#units.reduce((sum, unit) => sum + unit.unanswered, 0);
    return this.#tally.counts({ unanswered, busy });
  }

  ledger(): readonly LedgerLine[] {
    return this.#units.map((unit) => unit.line);
  }

  /** The first reading of the fleet is due at `startMs`. */
  begin(startMs: number): void {
    const { clients, readingsPerSecond, warmUpMs } = this.#plan;
    this.#tally.latencyFromMs = startMs + warmUpMs;
    // How busy it was while all registered at once is not what counts.
    this.#utilization = performance.eventLoopUtilization();
    if (readingsPerSecond !== undefined) {
      this.#schedule = new Schedule({ startMs, readingsPerSecond, clients });
      this.#due = new DueReadings(this.#schedule, this.#numbers);
    }
    for (const unit of this.#units) unit.begin(nowMs());
    this.#takeDue();
  }

  /** Resolves when all units have been answered and have left, or after `withinMs`. */
  async finish(withinMs: number): Promise<void> {
    clearTimeout(this.#dueTimer);
    const untilMs = nowMs() + withinMs;
    for (const unit of this.#units) unit.finish(nowMs());
    while (nowMs() < untilMs && !this.#units.every((unit) => unit.hasLeft)) {
      await new Promise((resolve) => setTimeout(resolve, leaveLookMs));
    }
    this.#ended = true;
    clearInterval(this.#lookTimer);
    for (const unit of this.#units) unit.end();
  }

  #makeUnit(number: number): SimulatedUnit {
    const { readingsPerSecond, loss, seed, epoch, reconnectMsMax } = this.#plan;
    const unit: SimulatedUnit = new SimulatedUnit({
      unit: number,
      name: unitName(this.#plan, number),
      epoch,
      dueMs: readingsPerSecond === undefined ? undefined : (unit, seq) => this.#schedule?.dueMs(unit, seq) ?? 0,
      cuts: new Cuts({ loss, seed, unit: number }),
      tally: this.#tally,
      registered: () => {
        if (this.#unregistered.delete(number) && this.#unregistered.size === 0) this.#tellRegistered();
        this.#letOthersDial(unit);
      },
      away: (failedInRow) => {
        this.#letOthersDial(unit);
        if (this.#ended || unit.hasLeft) return;
        const options = { firstMs: limits.reconnectFirstMs, maxMs: reconnectMsMax, random: Math.random };
        setTimeout(() => this.#dialSoon(unit), backoffMs(failedInRow, options));
      },
    });
    return unit;
  }

  #letOthersDial(unit: SimulatedUnit): void {
    if (this.#dialling.delete(unit)) this.#dial();
  }

  #dialSoon(unit: SimulatedUnit): void {
    this.#waiting.push(unit);
    this.#dial();
  }

  #dial(): void {
    while (!this.#ended && this.#dialling.size < diallingMax) {
      const unit = this.#waiting.shift();
      if (unit === undefined) return;
      if (unit.hasLeft) continue;
      this.#dialling.add(unit);
      dialUnit(unit, { ...this.#plan, nowMs });
    }
  }

  #takeDue(): void {
    const due = this.#due;
    if (due === undefined) return;
    const now = nowMs();
    due.through(now, (place, seq) => this.#units[place]?.due(seq, now));
    // A timer has whole milliseconds, and what it makes later counts as latency like all else.
    this.#dueTimer = setTimeout(() => this.#takeDue(), Math.max(1, Math.ceil(due.nextMs - nowMs())));
  }
}

/** Milliseconds since 1970 that only grow, to the microsecond, and the same in all threads. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
