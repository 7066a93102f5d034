import { systemClock } from '../../src/transport/system-clock.ts';
import { temporaryAccess } from './temporary-access.ts';
import { setImmediate } from 'node:timers/promises';
import { assert } from '../../src/core/assert.ts';
import type { Clock } from '../../src/core/clock.ts';
import { viewsOfGap, type GapView } from '../../src/core/gap.ts';
import type { Fields, Level } from '../../src/core/log.ts';
import type { UnitReading } from '../../src/core/reading.ts';
import type { UnitEventRecord } from '../../src/core/unit-event.ts';
import type { UnitView } from '../../src/core/unit.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Access } from '../../src/access/contract.ts';
import type { HttpLimits } from '../../src/http/http-limits.ts';
import type { HttpOptions, OpenedHttp } from '../../src/http/open-http.ts';
import { openHttp } from '../../src/http/open-http.ts';
import type { Directory, Query, SeriesStep, StepQuery, Store } from '../../src/store/contract.ts';
import type {
  Committed,
  Feed,
  Fleet,
  Health,
  HubEvent,
  IntervalOutcome,
  TagsOutcome,
  UnitGlance,
} from '../../src/server/contract.ts';

export const startMs = Date.UTC(2026, 10, 21, 10);

/** A unit with everything, changed by `changes`. */
export function unitView(changes: Partial<UnitView> = {}): UnitView {
  return {
    client_id: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
    name: 'bench-03',
    state: 'online',
    v: 2,
    ip: '192.0.2.7',
    port: 45_678,
    interval: { confirmed: 10, wanted: 10, rev: 1, state: 'confirmed', tries: 0 },
    registered: '2026-11-21T10:00:00.000Z',
    last_seen: '2026-11-21T10:00:00.000Z',
    clock_offset_ms: -3,
    tags: {},
    latest: {
      cpu_temp: [
        { seq: 41, time: startMs, sensor: 'cpu_temp', id: 'coretemp/Package id 0', epoch: '5f2c91e0', celsius: 54.5 },
      ],
      disk: [
        { seq: 42, time: startMs, sensor: 'disk', id: '/', epoch: '5f2c91e0', used: 25, total: 100 },
        { seq: 43, time: startMs, sensor: 'disk', id: '/var', epoch: '5f2c91e0', used: 90, total: 100 },
      ],
      ram: [{ seq: 44, time: startMs, sensor: 'ram', epoch: '5f2c91e0', used: 6, available: 10, total: 16 }],
    },
    ...changes,
  };
}

export function unitReading(seq: number, changes: Partial<UnitReading> = {}): UnitReading {
  return {
    clientId: 'Yw1l0Ck3aT8mQ2vN5xR7sA',
    unit: 'bench-03',
    reading: {
      sensor: 'cpu_temp',
      id: 'coretemp/Package id 0',
      values: { celsius: 54.5 },
      time: startMs,
      epoch: '5f2c91e0',
      seq,
    },
    ...changes,
  };
}

/** The same unit, as the server keeps it. */
export function glanceOf({ name, v, ip, tags, registered, state, last_seen, ...unit }: UnitView): UnitGlance {
  return {
    record: { name, v, ip, tags, registeredMs: Date.parse(registered) },
    state,
    lastSeenMs: Date.parse(last_seen),
    interval: unit.interval,
    intervalTries: unit.interval.tries,
    clockOffsetMs: unit.clock_offset_ms,
    readings: Object.entries(unit.latest).flatMap(([sensor, readings]) =>
      readings.map(({ id, time, ...values }) => ({
        sensor,
        id: typeof id === 'string' ? id : undefined,
        time: Number(time),
        value(wanted) {
          const value = values[wanted];
          return typeof value === 'number' ? value : undefined;
        },
      })),
    ),
  };
}

/** A hub in memory: units that a test puts in, and what it says. */
export class FakeHub implements Fleet, Feed, Health, Pick<Store, 'query' | 'steps'> {
  readonly all = new Map<string, UnitView>();
  readonly asked: { readonly clientId: string; readonly seconds: number }[] = [];
  problems: readonly string[] = [];
  notes: readonly string[] = [];
  leftOut = 0;
  /** Where readings are looked for; what a test puts in. */
  kept: Pick<Store, 'query'> = new MemoryStore();
  /** Where histories are looked for; what a test puts in. */
  joined: Pick<Store, 'steps'> = new MemoryStore();
  /** Where gaps are looked for; what a test puts in. */
  missing: Pick<Directory, 'gaps'> = new MemoryStore();
  /** What happened to units; what a test puts in. */
  happened: readonly UnitEventRecord[] = [];
  /** Given, it answers the next wishes instead of the fake. */
  outcome: ((clientId: string, seconds: number) => Promise<IntervalOutcome>) | undefined;
  /** What a unit has done by the time that it is asked for again. */
  onLook: (unit: UnitView) => UnitView = (unit) => unit;
  readonly #listeners = new Set<Parameters<Feed['subscribe']>[0]>();

  constructor(...units: readonly UnitView[]) {
    for (const unit of units) this.all.set(unit.client_id, unit);
  }

  units(): readonly UnitView[] {
    return [...this.all.keys()].flatMap((id) => this.unit(id) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  ids(): readonly string[] {
    return [...this.all.keys()];
  }

  unit(clientId: string): UnitView | undefined {
    const unit = this.all.get(clientId);
    if (unit === undefined) return undefined;
    const looked = this.onLook(unit);
    this.all.set(clientId, looked);
    return looked;
  }

  glance(clientId: string): UnitGlance | undefined {
    const unit = this.unit(clientId);
    return unit === undefined ? undefined : glanceOf(unit);
  }

  async setInterval(clientId: string, seconds: number): Promise<IntervalOutcome> {
    this.asked.push({ clientId, seconds });
    if (this.outcome !== undefined) return this.outcome(clientId, seconds);
    const unit = this.all.get(clientId);
    if (unit === undefined) return { type: 'no-such-unit' };
    if (unit.v === 1 && !Number.isInteger(seconds)) {
      return { type: 'unit-cannot', reason: `${unit.name} speaks v1, which knows whole seconds only` };
    }
    const rev = unit.interval.rev + 1;
    const wanted: UnitView = {
      ...unit,
      interval: { ...unit.interval, wanted: seconds, rev, state: 'sending', tries: 1 },
    };
    this.all.set(clientId, wanted);
    return { type: 'accepted', unit: wanted, rev };
  }

  async gaps(clientId: string, fromMs: number, toMs: number): Promise<readonly GapView[] | undefined> {
    if (!this.all.has(clientId)) return undefined;
    const gaps = await this.missing.gaps(clientId, fromMs, toMs);
    return gaps.flatMap(viewsOfGap);
  }

  async events(clientId: string, fromMs: number, toMs: number): Promise<readonly UnitEventRecord[] | undefined> {
    if (!this.all.has(clientId)) return undefined;
    return this.happened.filter((one) => one.clientId === clientId && one.timeMs >= fromMs && one.timeMs < toMs);
  }

  async setTags(clientId: string, tags: Readonly<Record<string, string>>): Promise<TagsOutcome> {
    const unit = this.all.get(clientId);
    if (unit === undefined) return { type: 'no-such-unit' };
    const tagged = { ...unit, tags };
    this.all.set(clientId, tagged);
    return { type: 'done', unit: tagged };
  }

  query(query: Query, signal?: AbortSignal): AsyncIterable<UnitReading> {
    return this.kept.query(query, signal);
  }

  steps(query: StepQuery, signal?: AbortSignal): AsyncIterable<SeriesStep> {
    return this.joined.steps(query, signal);
  }

  ready(): ReturnType<Health['ready']> {
    const { problems, notes, leftOut } = this;
    return { ready: problems.length === 0, problems, notes, leftOut };
  }

  subscribe(listener: Parameters<Feed['subscribe']>[0]): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get subscriptions(): number {
    return this.#listeners.size;
  }

  say(event: string, fields: Fields, level: Level = 'info'): void {
    const said: HubEvent = { timeMs: startMs, level, event, fields };
    for (const listener of this.#listeners) listener.event(said);
  }

  commit(...readings: readonly UnitReading[]): void {
    const committed: Committed = { timeMs: startMs, readings };
    for (const listener of this.#listeners) listener.readings(committed);
  }
}

/** What confirms a wish as soon as the unit is looked at. */
export function confirming(unit: UnitView): UnitView {
  const { wanted } = unit.interval;
  return unit.state === 'online'
    ? { ...unit, interval: { ...unit.interval, confirmed: wanted, state: 'confirmed' } }
    : unit;
}

/** Time that passes when the test says so. */
export class ManualClock implements Clock {
  #nowMs = 0;
  readonly #tasks = new Set<{ readonly dueMs: number; readonly task: () => void }>();

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return startMs + this.#nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const entry = { dueMs: this.#nowMs + delayMs, task };
    this.#tasks.add(entry);
    return () => this.#tasks.delete(entry);
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    for (const entry of this.#tasks) {
      if (entry.dueMs > this.#nowMs || !this.#tasks.delete(entry)) continue;
      entry.task();
    }
  }

  get waiting(): number {
    return this.#tasks.size;
  }
}

export interface Served extends OpenedHttp, AsyncDisposable {
  readonly hub: FakeHub;
  readonly access: Access;
  readonly url: string;
  readonly logged: { readonly level: Level; readonly event: string; readonly fields: Fields }[];
}

export interface ServeOptions extends Partial<
  Pick<
    HttpOptions,
    | 'login'
    | 'hosts'
    | 'tls'
    | 'insecure'
    | 'machines'
    | 'tokens'
    | 'joinPlace'
    | 'slowReaderBytesMax'
    | 'facts'
    | 'settings'
    | 'pageFolder'
  >
> {
  readonly hub?: FakeHub;
  /** Without it, one in a folder of its own. */
  readonly access?: Access;
  readonly host?: string;
  readonly port?: number;
  readonly clock?: Clock;
  readonly limits?: Partial<HttpLimits>;
}

/** The real API on a free port, before a fake hub. */
export async function serve({
  hub = new FakeHub(unitView()),
  access: given,
  host = '127.0.0.1',
  port = 0,
  ...more
}: ServeOptions = {}): Promise<Served> {
  const logged: { level: Level; event: string; fields: Fields }[] = [];
  const own = given === undefined ? temporaryAccess() : undefined;
  const access = given ?? own;
  assert(access !== undefined, 'one of the two is there');
  const opened = await openHttp({
    address: { host, port },
    fleet: hub,
    feed: hub,
    health: hub,
    store: hub,
    access,
    version: '1.2.3',
    clock: systemClock,
    log: (level, event, fields = {}) => void logged.push({ level, event, fields }),
    ...more,
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= opened.close().finally(() => own?.[Symbol.dispose]()));
  const scheme = more.tls === undefined ? 'http' : 'https';
  return {
    ...opened,
    close,
    hub,
    access,
    logged,
    url: `${scheme}://127.0.0.1:${opened.port}`,
    [Symbol.asyncDispose]: close,
  };
}

/** Lets the event loop turn until `holds`; fails with `what` when it has turned very often. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`never happened: ${what}`);
    await setImmediate();
  }
}
