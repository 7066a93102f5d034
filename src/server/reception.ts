import { reasonOf } from '../core/system-error.ts';
import { unreachable } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Reading, TakenReading } from '../core/reading.ts';
import type { Registration } from '../session/registration.ts';
import type { DatagramFrame, ServerAction } from '../session/server-contract.ts';
import type { Directory, Store } from '../store/contract.ts';
import { tellClock, tellTakeover } from './doubts.ts';
import { nameOf, refusalEvent, registeredFields, Guest } from './guest.ts';
import { unawaited, type Intake } from './intake.ts';
import { recall } from './recall.ts';
import type { OwnedReading, Peer, Unit } from './unit.ts';
import type { Units } from './units.ts';

export interface ReceptionOptions {
  readonly units: Units;
  readonly intake: Intake<OwnedReading>;
  readonly directory: Pick<Directory, 'highestSeq'> & Pick<Store, 'query'>;
  readonly clock: Clock;
  readonly report: Log;
  /** 16 random bytes, base64url. */
  readonly randomToken: () => string;
  /** Sends a datagram; what fails is sent again by the session. */
  readonly sendDatagram: (frame: DatagramFrame, destination: { from: string; to: string; port: number }) => void;
  /** UDP may go to the `ip` of `!RGTR` even where it is not the TCP peer's address. */
  readonly allowOtherAddress: boolean;
}

/** Does for the connections what their sessions ask: registers units, takes readings in, keeps what was confirmed. */
export class Reception {
  readonly #options: ReceptionOptions;
  readonly #guests = new Set<Guest>();
  #emptied: () => void = () => undefined;

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  /** Open connections. */
  get connections(): number {
    return this.#guests.size;
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
        this.#register(action.registration, guest);
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
        this.#options.report('warn', refusalEvent(action.code), {
          ...nameOf(guest),
          code: action.code,
          reason: action.words,
        });
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
    const taken = readings.map((reading) => ({
      clientId: unit.clientId,
      unit: unit.name,
      owner: unit,
      reading: { ...reading, time, epoch: undefined, seq: undefined },
    }));
    for (const { reading } of taken) unit.series.live(reading);
    this.#options.intake.addReadings(taken, guest);
  }

  #register(registration: Registration, guest: Guest): void {
    const { units, intake, clock, allowOtherAddress } = this.#options;
    const { peer } = guest;
    const udpAddress = allowOtherAddress ? registration.ip : peer.peerAddress;
    const { unit, isNew } = units.register(registration, {
      peer: peer.peerAddress,
      wallMs: clock.wallMs(),
      udpAddress,
    });
    const former = unit.peer;
    unit.peer = peer;
    guest.unit = unit;
    guest.epoch = registration.epoch;
    if (former !== undefined && former !== peer) {
      tellTakeover(guest, former, { nowMs: clock.monotonicMs(), report: this.#options.report });
      former.input({ type: 'taken-over' });
    }
    const { rev, wantedSeconds: seconds } = unit.record.interval;
    // In the one queue, so that whatever the former connection left in hand is through, or has failed, before `seq` is read.
    intake.addUnit(unit.record, {
      stored: () => {
        unit.wantStored({ rev, seconds });
        void this.#grant(registration, unit, peer);
      },
      failed: (words) => {
        if (isNew && unit.peer === peer) units.forget(unit);
        peer.input({ type: 'refused', code: 'store-unavailable', words });
      },
    });
  }

  async #grant({ epoch, udpPort }: Registration, unit: Unit, peer: Peer): Promise<void> {
    const { directory, randomToken } = this.#options;
    let seq = 0;
    try {
      if (epoch !== undefined) seq = await directory.highestSeq(unit.clientId, epoch);
    } catch (error) {
      const words = reasonOf(error);
      peer.input({ type: 'refused', code: 'store-unavailable', words });
      return;
    }
    await recall(unit, directory);
    if (unit.peer !== peer) return;
    const { clientId, record } = unit;
    const { tcpOnly } = record.interval;
    const granted = unit.grant();
    const token = randomToken();
    peer.input({ type: 'registered', registered: { clientId, granted, seq, token, hearsUdp: udpPort > 0, tcpOnly } });
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
