import type { Clock } from '../core/clock.ts';
import { viewsOfGap, type GapView } from '../core/gap.ts';
import type { Loop } from '../core/loop.ts';
import type { Log } from '../core/log.ts';
import type { UnitEventRecord } from '../core/unit-event.ts';
import type { UnitRecord, UnitView } from '../core/unit.ts';
import type { Directory, Store } from '../store/contract.ts';
import type {
  Figures,
  Fleet,
  Health,
  IntervalOutcome,
  JoinTokens,
  Machines,
  ServerCounts,
  TagsOutcome,
  UnitGlance,
} from './contract.ts';
import { EventBook, joinEvents } from './event-book.ts';
import { LiveFeed } from './feed.ts';
import type { Joining } from './commit-pace.ts';
import { GapBook } from './gap-book.ts';
import { Intake } from './intake.ts';
import { JoinTokenBook, type JoinTokenBookOptions } from './join-tokens.ts';
import { keptAlongside } from './kept-alongside.ts';
import { KnownMachines } from './known-machines.ts';
import { MachineDesk } from './machine-desk.ts';
import { Reception, type ReceptionOptions } from './reception.ts';
import { StoreTrouble } from './store-trouble.ts';
import { TagDesk } from './tag-desk.ts';
import type { OwnedReading } from './unit.ts';
import { Units } from './units.ts';
import { unawaited } from './waiter.ts';
import { wantInterval } from './wanted-interval.ts';

type Passed = Omit<ReceptionOptions, 'units' | 'machines' | 'tokens' | 'intake' | 'directory' | 'report'>;

export interface HubOptions extends Passed, Pick<JoinTokenBookOptions, 'randomJoinToken'> {
  readonly store: Store & Directory;
  readonly clock: Clock;
  /** The loop, where it may rest between its turns; undefined: it never does. */
  readonly loop?: Loop;
  /** As of the intake. */
  readonly turnBegins?: () => void;
  /** Runs a task after all input of this turn of the loop has been dealt with. */
  readonly defer: (task: () => void) => void;
  /** How much the store gains by larger commits; undefined: little. */
  readonly joining?: Joining;
  readonly intervalSeconds: number;
  /** What else a person should know of the server, and what queries left out. */
  readonly condition?: () => Pick<ReturnType<Health['ready']>, 'notes' | 'leftOut'>;
}

/** The server but for its sockets: units, intake and interval changes, and the live view of them. */
export class Hub implements Fleet, Figures, Health {
  readonly feed: LiveFeed;
  readonly reception: Reception;
  readonly machines: Machines;
  readonly joinTokens: JoinTokens;
  readonly #options: HubOptions;
  readonly #units: Units;
  readonly #intake: Intake<OwnedReading>;
  readonly #gaps: GapBook;
  readonly #machines = new KnownMachines();
  readonly #tokens: JoinTokenBook;
  readonly #events: EventBook;
  readonly #tags: TagDesk;
  readonly #startedMs: number;
  readonly #trouble: StoreTrouble;

  constructor(options: HubOptions) {
    const { store, clock, defer, joining, loop, turnBegins } = options;
    this.#options = options;
    this.feed = new LiveFeed(clock);
    const commit = (): Promise<boolean> => this.#commit();
    this.#tokens = new JoinTokenBook({ ...options, report: this.feed.report, commit });
    this.joinTokens = this.#tokens;
    const { report } = this.feed;
    this.#startedMs = clock.wallMs();
    this.#trouble = new StoreTrouble({
      clock,
      report,
      over: () => {
        this.#gaps.retry();
        this.#tags.retry();
        this.#events.retry();
      },
    });
    this.#events = new EventBook({ clock, report, commit: () => void commit() });
    this.feed.subscribe(this.#events);
    this.#intake = new Intake<OwnedReading>({
      store,
      clock,
      defer,
      companions: keptAlongside(this.#machines, this.#tokens, this.#events),
      ...(joining === undefined ? {} : { joining }),
      ...(loop === undefined ? {} : { loop }),
      ...(turnBegins === undefined ? {} : { turnBegins }),
      committed: (readings) => {
        this.#committed(readings);
      },
      trouble: this.#trouble.note,
    });
    this.#gaps = new GapBook(this.#intake);
    this.#tags = new TagDesk({ intake: this.#intake, report });
    this.#units = new Units({
      ...options,
      machines: this.#machines,
      keeper: this.#gaps,
      changed: (record) => {
        this.#intake.addUnit(record, unawaited);
      },
    });
    this.reception = new Reception({
      ...options,
      units: this.#units,
      machines: this.#machines,
      tokens: this.#tokens,
      intake: this.#intake,
      directory: store,
      report,
    });
    this.machines = new MachineDesk({
      machines: this.#machines,
      units: this.#units,
      intake: this.#intake,
      clock,
      report,
      commit,
    });
  }

  /** Takes up the units, machines and join tokens of earlier runs; once, before the first connection. */
  async restore(): Promise<void> {
    const { store } = this.#options;
    const { gaps, gapNumber, newestMs } = await store.lastKnown();
    this.#gaps.restore(gapNumber);
    const gapsOf = Map.groupBy(gaps, ({ clientId }) => clientId);
    this.#machines.restore(await store.machines());
    this.#tokens.restore(await store.tokens());
    for (const record of this.#boundFirst(await store.units())) {
      const { clientId } = record;
      this.#units.restore(record).restore(gapsOf.get(clientId) ?? [], newestMs.get(clientId));
    }
  }

  /** The intake holds as much as it may. */
  get isCrowded(): boolean {
    return this.#intake.isFull;
  }

  /** All that arrived on connections in this turn of the loop has been dealt with. */
  turnHandled(): void {
    this.#intake.turnHandled();
  }

  /** The turn is over but for what the next one finds. */
  turnOver(): void {
    this.#intake.turnOver();
  }

  units(): readonly UnitView[] {
    return this.#units.views();
  }

  ids(): readonly string[] {
    return this.#units.ids();
  }

  unit(clientId: string): UnitView | undefined {
    return this.#units.get(clientId)?.view();
  }

  glance(clientId: string): UnitGlance | undefined {
    return this.#units.get(clientId);
  }

  async gaps(clientId: string, fromMs: number, toMs: number): Promise<readonly GapView[] | undefined> {
    if (this.#units.get(clientId) === undefined) return undefined;
    const gaps = await this.#options.store.gaps(clientId, fromMs, toMs);
    return gaps.toSorted((a, b) => a.fromMs - b.fromMs).flatMap(viewsOfGap);
  }

  async events(clientId: string, fromMs: number, toMs: number): Promise<readonly UnitEventRecord[] | undefined> {
    if (this.#units.get(clientId) === undefined) return undefined;
    // Before the store is asked: what is stored meanwhile is in its answer, or still in this.
    const unstored = this.#events.unstored(clientId, fromMs, toMs);
    return joinEvents(await this.#options.store.events(clientId, fromMs, toMs), unstored);
  }

  async setTags(clientId: string, tags: Readonly<Record<string, string>>): Promise<TagsOutcome> {
    const unit = this.#units.get(clientId);
    return unit === undefined ? { type: 'no-such-unit' } : this.#tags.setTags(unit, tags);
  }

  setInterval(clientId: string, seconds: number): Promise<IntervalOutcome> {
    const unit = this.#units.get(clientId);
    if (unit === undefined) return Promise.resolve({ type: 'no-such-unit' });
    return wantInterval(unit, seconds, { intake: this.#intake, report: this.#report });
  }

  counts(): ServerCounts {
    const { registered: connections } = this.reception;
    return { startedMs: this.#startedMs, connections, ...this.#intake.counts() };
  }

  ready(): ReturnType<Health['ready']> {
    const { problems } = this.#trouble;
    return { ready: problems.length === 0, problems, ...this.#options.condition?.() };
  }

  /** Answers what is in hand, commits, and lets the connections go. */
  async shutDown(): Promise<void> {
    await this.reception.shutDown();
    this.#events.close();
    await this.#intake.idle();
  }

  /** Names that are bound to keys are theirs before anybody else is called so. */
  #boundFirst(units: readonly UnitRecord[]): readonly UnitRecord[] {
    const isBound = ({ clientId }: UnitRecord): boolean => this.#machines.holderOfId(clientId) !== undefined;
    return [...units.filter(isBound), ...units.filter((unit) => !isBound(unit))];
  }

  /** Stores what machines and join tokens have changed; whether it could. */
  #commit(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#intake.addCompanions({
        stored: () => {
          resolve(true);
        },
        failed: () => {
          resolve(false);
        },
      });
    });
  }

  get #report(): Log {
    return this.feed.report;
  }

  #committed(readings: readonly OwnedReading[]): void {
    for (const { owner, reading } of readings) owner.latest.take(reading);
    this.feed.readings(readings);
  }
}
