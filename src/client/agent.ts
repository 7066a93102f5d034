import { unreachable } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import type { Log } from '../core/log.ts';
import type { LabelledReading, Reading } from '../core/reading.ts';
import type { ClientAction, ClientInput } from '../session/client-contract.ts';
import { fitReading } from '../session/reading-codec.ts';
import type { Grant } from '../session/registration.ts';
import { Labels } from './labels.ts';
import { MemorySpool } from './memory-spool.ts';
import { refusalIn } from './refusal.ts';
import { Schedule } from './schedule.ts';
import type { Dropped, Spool } from './spool/contract.ts';
import { joinDropped } from './spool/dropped.ts';

/** The connection to the server, as the agent uses it. */
export interface Uplink {
  /** How many readings it takes now. */
  readonly room: number;
  readonly v: 1 | 2 | undefined;
  input(input: ClientInput): void;
}

export interface AgentOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** One round of the sensors; never rejects. */
  readonly read: () => Promise<readonly Reading[]>;
  /** 8 random hex digits. */
  readonly drawEpoch: () => string;
  readonly sha256: (text: string) => string;
  /** The server named this machine; to be remembered for the next start. */
  readonly registered: (grant: Grant) => void;
  /** It has left the server, or given up on that; nothing more will happen. */
  readonly stopped: (confirmed: boolean) => void;
  /** Seconds between two rounds until a server says otherwise. */
  readonly intervalSeconds: number;
  /** Where readings are until they are answered; undefined: in memory. */
  readonly spool?: Spool;
  /** Of the spool in memory. */
  readonly spoolReadingsMax?: number;
}

/** Of a lost connection; words of a server may be others each time, and are then told on the level debug. */
const reasonsMax = 8;

/** The client but for its sockets: rounds of readings, the spool that holds them, and what the session makes of the server. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #labels: Labels;
  readonly #spool: Spool;
  readonly #schedule: Schedule;
  #uplink: Uplink | undefined;
  /** The last round, until any of it is answered: what a v1 server that registers this machine gets first. */
  #newest: readonly LabelledReading[] = [];
  #lost = 0;
  /** Why, since the last one that was made, as far as it was told. */
  readonly #told = new Set<string>();
  #isStopping = false;
  /** The server was told last of a backlog. */
  #wasBehind = false;
  /** What was dropped and the server has not been told of, by reason. */
  readonly #dropped = new Map<string, Dropped>();

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#labels = new Labels(options.drawEpoch);
    this.#spool = options.spool ?? new MemorySpool(options.spoolReadingsMax ?? limits.spoolReadingsMax);
    this.#spool.whenReady(() => {
      this.offer();
    });
    const { clock, intervalSeconds } = options;
    this.#schedule = new Schedule({ clock, intervalSeconds, round: () => this.#round() });
  }

  /** Readings that no server has answered for yet. */
  get held(): number {
    return this.#spool.size;
  }

  get intervalSeconds(): number {
    return this.#schedule.intervalSeconds;
  }

  start(uplink: Uplink): void {
    this.#uplink = uplink;
    uplink.input({ type: 'start' });
    this.#schedule.start();
  }

  stop(): void {
    this.#isStopping = true;
    this.#schedule.stop();
    this.#uplink?.input({ type: 'stop' });
  }

  /** What a new connection says in `!RGTR`: with a backlog of more than one round, new readings get an epoch of their own. */
  introduce(): { readonly epoch: string; readonly timeText: string } {
    if (this.#spool.holdsRounds) this.#labels.renew();
    const timeText = `${new Date(this.#options.clock.wallMs()).toISOString().slice(0, 19)}Z`;
    return { epoch: this.#labels.epoch, timeText };
  }

  perform(action: ClientAction): void {
    const { log } = this.#options;
    switch (action.type) {
      case 'registered':
        this.#registered(action.grant);
        return;
      case 'released':
        for (const reading of action.readings) this.#spool.release(reading);
        if (action.readings.some((reading) => this.#newest.includes(reading))) this.#newest = [];
        if (action.refused !== undefined) this.#refused(action.readings, action.refused);
        return;
      case 'interval':
        this.#schedule.setInterval(action.seconds);
        log('info', 'interval-changed', { interval: action.seconds, rev: action.rev });
        return;
      case 'ignored':
        log(action.why === 'stale' ? 'debug' : 'warn', 'update-ignored', { reason: action.why });
        return;
      case 'lost':
        this.#connectionLost(action.reason, action.retryMs);
        return;
      case 'stopped':
        log('info', 'stopped', { confirmed: action.confirmed, backlog: this.#spool.size });
        this.#options.stopped(action.confirmed);
        return;
      case 'connect':
      case 'send':
      case 'end':
      case 'close':
        return;
      default:
        unreachable(action);
    }
  }

  /** Offers what the connection has room for: the newest epoch first, then the backlog. */
  offer(): void {
    const room = this.#uplink?.room ?? 0;
    if (room === 0) return;
    const readings = this.#spool.take(room);
    if (readings.length > 0) this.#uplink?.input({ type: 'offer', readings });
  }

  async #round(): Promise<void> {
    const time = this.#options.clock.wallMs();
    const read = await this.#options.read();
    // By the time that slow sensors have answered, the spool may be closed: then it is as if they had not been asked.
    if (this.#isStopping) return;
    const readings = [...read, ...this.#ownReadings()];
    const labelled = readings.flatMap((reading) => this.#label(reading, time));
    for (const dropped of await this.#spool.add(labelled)) this.#drop(dropped);
    this.#newest = labelled;
    this.#options.log('debug', 'round', { readings: labelled.length, backlog: this.#spool.size });
    if (this.#uplink?.v === 1) this.#uplink.input({ type: 'round', readings: labelled });
    else this.offer();
  }

  #label(reading: Reading, time: number): readonly LabelledReading[] {
    const fit = fitReading(reading, this.#options.sha256);
    if (fit !== undefined) return [this.#labels.label(fit, time)];
    this.#options.log('error', 'sensor-failed', {
      sensor: reading.sensor,
      id: reading.id,
      reason: 'its values do not fit into a frame',
    });
    return [];
  }

  /** The client on itself, where there is something to tell (protocol 4). */
  #ownReadings(): readonly Reading[] {
    const backlog = this.#spool.size;
    const readings = Array.from(this.#dropped.values(), ({ reason, count, fromMs, toMs }) => ({
      sensor: 'agent',
      source: reason,
      values: { backlog, dropped: count, dropped_from: fromMs, dropped_to: toMs },
    }));
    this.#dropped.clear();
    return readings.length > 0 ? readings : this.#backlogReading(backlog);
  }

  /** While it catches up, and once when it has: where nobody is connected nobody looks, and the spool has better use for its room. */
  #backlogReading(backlog: number): readonly Reading[] {
    const isBehind = this.#uplink?.v === 2 && this.#spool.holdsRounds;
    const isNews = isBehind || this.#wasBehind;
    this.#wasBehind = isBehind;
    return isNews ? [{ sensor: 'agent', values: { backlog } }] : [];
  }

  #drop(dropped: Dropped): void {
    const { count, fromMs, toMs, reason } = dropped;
    const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
    this.#options.log('warn', 'spool-dropped', { count, from, to, reason });
    this.#dropped.set(reason, joinDropped(this.#dropped.get(reason), dropped));
  }

  #registered(grant: Grant): void {
    const { log, registered } = this.#options;
    const { clientId, v, seconds, rev, seq } = grant;
    // Above what was given: this machine is a resumed image of one that went on without it (protocol 4).
    if (seq > this.#labels.seq) this.#labels.renew();
    else if (v === 2) this.#spool.releaseThrough(this.#labels.epoch, seq);
    this.#schedule.setInterval(seconds);
    registered(grant);
    log('info', 'connected', {
      client_id: clientId,
      v,
      interval: seconds,
      rev,
      backlog: this.#spool.size,
      failures: this.#lost,
    });
    this.#lost = 0;
    this.#told.clear();
    if (v === 1 && this.#newest.length > 0) this.#uplink?.input({ type: 'round', readings: this.#newest });
  }

  #refused(readings: readonly LabelledReading[], reason: string): void {
    for (const { sensor, id, epoch, seq } of readings) {
      this.#options.log('warn', 'bad-reading', { sensor, id, epoch, seq, reason });
    }
  }

  /** The first failure is news; those that follow are counted, and told when the server is back. */
  #connectionLost(reason: string, retryMs: number): void {
    this.#spool.rewind();
    this.#lost += 1;
    const fields = { retry_ms: Math.round(retryMs), failures: this.#lost };
    const { log } = this.#options;
    const refusal = refusalIn(reason);
    if (refusal !== undefined)
      log('warn', 'registration-refused', { code: refusal.code, reason: refusal.words, ...fields });
    // A refusal says more than the end of the connection that follows it.
    const isNews = refusal === undefined && !this.#told.has(reason) && this.#told.size < reasonsMax;
    if (isNews) this.#told.add(reason);
    log(isNews ? 'warn' : 'debug', 'connection-lost', { reason, ...fields });
  }
}
