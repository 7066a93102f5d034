import { unreachable } from '../core/assert.ts';
import type { Reading, TakenReading } from '../core/reading.ts';
import type { FailureCode } from '../session/failure.ts';
import type { DatagramFrame, ServerAction } from '../session/server-contract.ts';
import { tellClock } from './doubts.ts';
import { nameOf, refusalEvent, registeredFields, Guest } from './guest.ts';
import { Registrar, type RegistrarOptions } from './registrar.ts';
import { Seating, type SeatingOptions } from './seating.ts';
import type { Peer, Unit } from './unit.ts';
import { unawaited } from './waiter.ts';

export interface ReceptionOptions extends Omit<RegistrarOptions, 'seating'>, SeatingOptions {
  /** Sends a datagram; what fails is sent again by the session. */
  readonly sendDatagram: (frame: DatagramFrame, destination: { from: string; to: string; port: number }) => void;
}

/** Does for the connections what their sessions ask: registers units, takes readings in, keeps what was confirmed. */
export class Reception {
  readonly #options: ReceptionOptions;
  readonly #guests = new Set<Guest>();
  readonly #registrar: Registrar;
  #emptied: () => void = () => undefined;

  constructor(options: ReceptionOptions) {
    this.#options = options;
    this.#registrar = new Registrar({ ...options, seating: new Seating(options) });
  }

  /** Open connections. */
  get connections(): number {
    return this.#guests.size;
  }

  /** Those that have registered as a unit, and are not taken over. */
  get registered(): number {
    let count = 0;
    for (const { unit, peer } of this.#guests) if (unit?.peer === peer) count += 1;
    return count;
  }

  accept(peer: Peer): void {
    this.#guests.add(new Guest(peer));
  }

  /** Asks every connection to end; resolves when all have, which their sessions bound. */
  async shutDown(): Promise<void> {
    for (const { peer } of this.#guests) peer.input({ type: 'shut-down' });
    if (this.#guests.size > 0) await new Promise<void>((resolve) => (this.#emptied = resolve));
  }

  perform(action: ServerAction, peer: Peer): void {
    const { guest } = peer;
    if (!(guest instanceof Guest)) return;
    switch (action.type) {
      case 'store':
        this.#store(action.reading, guest);
        return;
      case 'store-v1':
        this.#storeV1(action.readings, action.others, guest);
        return;
      case 'register':
        this.#registrar.register(action.registration, action.data, guest);
        return;
      case 'prove':
        this.#registrar.prove(action.proof, guest);
        return;
      case 'confirmed':
        this.#confirmed(action.revision, action.tcpOnly, guest);
        return;
      case 'assumed':
        if (guest.unit !== undefined) this.#keep(guest.unit, { assumed: true });
        return;
      case 'state':
        this.#state(action.state, action.reason, guest);
        return;
      case 'datagram':
        this.#datagram(action.frame, guest);
        return;
      case 'refusal':
        // Of these two, which are the server's own, it is told once and not for each connection.
        if (action.code === 'shutting-down' || action.code === 'store-unavailable') return;
        this.#refused(action.code, action.words, guest);
        return;
      case 'close':
        this.#closed(action.reason, guest);
        return;
      case 'send':
      case 'end':
        return;
      default:
        unreachable(action);
    }
  }

  #store(reading: TakenReading, guest: Guest): void {
    const { unit } = guest;
    if (unit === undefined) return;
    const wallMs = this.#options.clock.wallMs();
    unit.lastSeenMs = wallMs;
    if (reading.epoch !== guest.epoch) unit.late(reading);
    else if (unit.live(reading, wallMs)) this.#clockMoved(unit, guest);
    this.#options.intake.addReading({ clientId: unit.clientId, unit: unit.name, reading, owner: unit }, guest);
  }

  #storeV1(readings: readonly Reading[], others: readonly string[], guest: Guest): void {
    const { unit } = guest;
    if (unit === undefined) return;
    const time = this.#options.clock.wallMs();
    unit.lastSeenMs = time;
    for (const text of others) this.#options.report('info', 'text', { ...nameOf(guest), text });
    const allowed = readings.filter((reading) => {
      const reason = unit.refusal(reading);
      if (reason !== undefined)
        this.#options.report('warn', 'bad-reading', { ...nameOf(guest), code: 'bad-reading', reason });
      return reason === undefined;
    });
    const taken = allowed.map((reading) => ({
      clientId: unit.clientId,
      unit: unit.name,
      owner: unit,
      reading: { ...reading, time, epoch: undefined, seq: undefined },
    }));
    for (const { reading } of taken) unit.series.live(reading);
    this.#options.intake.addReadings(taken, guest);
  }

  #refused(code: FailureCode, words: string, guest: Guest): void {
    // Who made it so has told of it.
    if (code === 'not-allowed' && guest.unit !== undefined) return;
    const { event, fields } = refusalEvent(guest, code);
    this.#options.report('warn', event, { ...fields, code, reason: words });
  }

  #confirmed({ rev, seconds }: { rev: number; seconds: number }, tcpOnly: boolean, guest: Guest): void {
    const { unit } = guest;
    if (unit === undefined) return;
    const { interval } = unit.record;
    if (rev <= interval.confirmedRev && tcpOnly === interval.tcpOnly) return;
    const news = rev > interval.confirmedRev;
    this.#keep(unit, {
      confirmedRev: Math.max(rev, interval.confirmedRev),
      confirmedSeconds: seconds,
      tcpOnly,
      assumed: false,
    });
    if (news) this.#options.report('info', 'interval-confirmed', { ...nameOf(guest), interval: seconds, rev });
  }

  #state(state: 'online' | 'late' | 'lost' | 'disconnected', reason: string, guest: Guest): void {
    const { unit, peer } = guest;
    if (unit === undefined || unit.peer !== peer) return;
    const { report, intake } = this.#options;
    unit.state = state;
    switch (state) {
      case 'online':
        if (reason === 'registered') report('info', 'registered', registeredFields(unit, peer));
        else report('info', 'online', { ...nameOf(guest), reason });
        return;
      case 'late':
        report('warn', 'late', { ...nameOf(guest), reason });
        return;
      case 'lost':
        unit.gaps.ended('lost');
        report('warn', 'lost', { ...nameOf(guest), reason });
        return;
      case 'disconnected':
        unit.gaps.ended('left');
        report('info', 'disconnected', { ...nameOf(guest), reason });
        unit.record = { ...unit.record, left: true, lastSeenMs: unit.lastSeenMs };
        intake.addUnit(unit.record, unawaited);
        return;
      default:
        unreachable(state);
    }
  }

  #datagram(frame: DatagramFrame, { unit, peer }: Guest): void {
    if (unit === undefined) return;
    const { ip, port } = unit.record;
    this.#options.sendDatagram(frame, { from: peer.localAddress, to: ip, port });
  }

  #closed(reason: string, guest: Guest): void {
    guest.peer.guest = undefined;
    this.#guests.delete(guest);
    if (this.#guests.size === 0) this.#emptied();
    const { unit } = guest;
    if (unit?.peer === guest.peer) {
      // It took the unit over and ended before it was registered: nobody is left to speak for the unit.
      if (unit.state === 'online' || unit.state === 'late') this.#state('lost', reason, guest);
      unit.peer = undefined;
    }
    const level = guest.unit === undefined && reason !== 'left' ? 'warn' : 'debug';
    this.#options.report(level, 'connection-closed', { ...nameOf(guest), reason });
  }

  #clockMoved(unit: Unit, guest: Guest): void {
    unit.record = { ...unit.record, clockOffsetMs: unit.clock.shownMs };
    this.#options.intake.addUnit(unit.record, unawaited);
    tellClock(guest, this.#options.report);
  }

  #keep(unit: Unit, interval: Partial<Unit['record']['interval']>): void {
    unit.record = { ...unit.record, interval: { ...unit.record.interval, ...interval } };
    this.#options.intake.addUnit(unit.record, unawaited);
  }
}
