import { limits } from '../core/limits.ts';
import { framed, received, type Frame } from '../framing/frame.ts';
import { parseFailure } from '../session/failure.ts';
import { parseUpdate } from '../session/interval-update.ts';
import { parseGrant, registrationData } from '../session/registration.ts';
import type { LedgerLine } from './ledger.ts';
import { frameText } from './simulated-reading.ts';
import { UnitReadings, type UnitReadingsOptions } from './unit-readings.ts';

/** A connection as its unit sees it. */
export interface Link {
  write(text: string): void;
  /** Ends it at once, without waiting for anything. Nothing of it is heard any more. */
  cut(): void;
}

export interface SimulatedUnitOptions extends UnitReadingsOptions {
  readonly name: string;
  readonly registered: () => void;
  /** It has no connection any more, after so many in a row that did not register. */
  readonly away: (failedInRow: number) => void;
}

type State =
  | { readonly name: 'away' | 'left' }
  | { readonly name: 'dialling' | 'registering' | 'leaving'; readonly link: Link; readonly sinceMs: number }
  | { readonly name: 'registered'; readonly link: Link };

/** How long the server may take for what it owes in each state. */
const patienceMs = {
  dialling: limits.connectMsMax,
  registering: limits.successMsMax,
  registered: limits.acknowledgementMsMax,
  leaving: limits.disconnectMsMax,
};

/**
 * One client of protocol 2, without a socket: it registers, sends its readings in order of their numbers, takes the answers, and sends what is
 * unanswered once more on its next connection. What a right server does not do, it tells the tally.
 */
export class SimulatedUnit {
  readonly #options: SimulatedUnitOptions;
  readonly #readings: UnitReadings;
  #state: State = { name: 'away' };
  #clientId: string | undefined;
  #waitingSinceMs = 0;
  #failedInRow = 0;
  #phase: 'waiting' | 'running' | 'finishing' = 'waiting';

  constructor(options: SimulatedUnitOptions) {
    this.#options = options;
    this.#readings = new UnitReadings(options);
  }

  get unanswered(): number {
    return this.#readings.unanswered;
  }

  /** It has said goodbye, or had nothing left to do when its connection ended. */
  get hasLeft(): boolean {
    return this.#state.name === 'left';
  }

  get line(): LedgerLine {
    const { name, epoch } = this.#options;
    return { unit: name, client_id: this.#clientId, epoch, ...this.#readings.record };
  }

  dialled(link: Link, nowMs: number): void {
    this.#state = { name: 'dialling', link, sinceMs: nowMs };
  }

  connected(nowMs: number): void {
    if (this.#state.name !== 'dialling') return;
    const { link } = this.#state;
    const { name, epoch, tally } = this.#options;
    this.#state = { name: 'registering', link, sinceMs: nowMs };
    tally.connections += 1;
    // What is unanswered goes again even where the server will say that it holds it: that it is stored once is what is to be seen.
    this.#readings.rewind();
    const time = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
    const registration = { name, ip: '127.0.0.1', udpPort: 0, time, v: 2, epoch, id: this.#clientId } as const;
    link.write(frameText(framed('!RGTR', registrationData(registration))));
  }

  /** From now on it has readings. */
  begin(nowMs: number): void {
    this.#phase = 'running';
    this.#goOn(nowMs);
  }

  /** Reading `seq` is due. */
  due(seq: number, nowMs: number): void {
    if (this.#phase === 'finishing') return;
    this.#readings.due(seq);
    this.#send(nowMs);
  }

  /** Takes no more readings, and leaves when all that are due have been answered. */
  finish(nowMs: number): void {
    this.#phase = 'finishing';
    if (this.#state.name === 'away' && this.unanswered === 0) this.#state = { name: 'left' };
    this.#goOn(nowMs);
  }

  /** So many `!INFO: RECEIVED` in a row. */
  acknowledge(count: number, nowMs: number): void {
    for (let left = count; left > 0; left -= 1) {
      if (this.#readings.acknowledge(nowMs)) continue;
      return this.#fault('an acknowledgement that answers nothing');
    }
    this.#goOn(nowMs);
  }

  frame({ command, data }: Frame, nowMs: number): void {
    const state = this.#state;
    if (command === '!INFO' && data === received) this.acknowledge(1, nowMs);
    else if (command === '!FAIL') this.#fail(data, nowMs);
    else if (command === '!SUCC' && state.name === 'registering') this.#succeed(data, state.link, nowMs);
    else if (command === '!UPDT' && state.name === 'registered') this.#confirm(data, state.link);
    else if (command === '!UPDT' && state.name === 'leaving') return;
    else if (command === '!DISC' && data === received && state.name === 'leaving') this.end();
    else this.#fault(`${command}${data.slice(0, 60)}, which answers nothing, while ${state.name}`);
  }

  /** What came is no frame. */
  nonsense(words: string): void {
    this.#fault(`bytes that are no frame: ${words}`);
  }

  /** The connection ended, and not by this side. */
  disconnected(): void {
    if (!('link' in this.#state)) return;
    this.#options.tally.broken += 1;
    this.#goAway();
  }

  /** Gives up a connection on which nothing comes. */
  look(nowMs: number): void {
    const state = this.#state;
    if (!('link' in state)) return;
    const waiting = state.name !== 'registered' || this.#readings.onTheWay > 0;
    const sinceMs = state.name === 'registered' ? this.#waitingSinceMs : state.sinceMs;
    if (waiting && nowMs - sinceMs > patienceMs[state.name]) this.#giveUp(state.link);
  }

  /** Ends its connection, whatever is under way, and makes no other. */
  end(): void {
    if (this.#state.name === 'registered') this.#options.tally.registered -= 1;
    if ('link' in this.#state) this.#state.link.cut();
    this.#state = { name: 'left' };
  }

  #succeed(data: string, link: Link, nowMs: number): void {
    const { tally, name, registered } = this.#options;
    const grant = parseGrant(data);
    if (typeof grant === 'string') return this.#fault(grant);
    if (grant.v !== 2) return this.#fault('the server speaks protocol 1, in which readings have no numbers');
    const { clientId, seq } = grant;
    if (this.#clientId !== undefined && clientId !== this.#clientId) {
      return this.#fault(`registered as ${clientId}, and before as ${this.#clientId}`);
    }
    const contradiction = this.#readings.contradiction(seq);
    if (contradiction !== undefined) tally.fault(`${name}: ${contradiction}`);
    this.#clientId = clientId;
    this.#failedInRow = 0;
    tally.registered += 1;
    this.#state = { name: 'registered', link };
    registered();
    this.#goOn(nowMs);
  }

  #goOn(nowMs: number): void {
    if (this.#state.name !== 'registered') return;
    this.#waitingSinceMs = nowMs;
    if (this.#phase === 'finishing' && this.unanswered === 0) {
      const { link } = this.#state;
      this.#options.tally.registered -= 1;
      this.#state = { name: 'leaving', link, sinceMs: nowMs };
      link.write(frameText(framed('!DISC')));
      return;
    }
    if (this.#phase === 'running') this.#readings.take(nowMs);
    this.#send(nowMs);
  }

  /** Sends what may be sent, in one write. */
  #send(nowMs: number): void {
    if (this.#state.name !== 'registered') return;
    const { link } = this.#state;
    if (this.#readings.onTheWay === 0) this.#waitingSinceMs = nowMs;
    const { text, cut } = this.#readings.send();
    if (text !== '') link.write(text);
    if (!cut) return;
    this.#options.tally.cuts += 1;
    link.cut();
    this.#goAway();
  }

  #fail(data: string, nowMs: number): void {
    const { tally, name } = this.#options;
    const { code, words } = parseFailure(data);
    tally.failure(code);
    switch (code) {
      case 'bad-reading': {
        const seq = this.#readings.refuse();
        if (seq === undefined) return this.#fault('a refusal that answers nothing');
        tally.fault(`${name}: reading ${seq} is a right one and was refused: ${words}`);
        return this.#goOn(nowMs);
      }
      case 'bad-frame':
      case 'bad-registration':
      case 'unknown-command':
      case 'not-registered':
        return this.#fault(`!FAIL${data}, for a frame that is right`);
      default:
        // The server leaves, and the end of the connection is what counts.
        return;
    }
  }

  #confirm(data: string, link: Link): void {
    const update = parseUpdate(data, this.#clientId ?? '');
    if (update === undefined) return this.#fault('an !UPDT that is none');
    link.write(frameText(framed('!UPDT', `${received} ${update.rev}`)));
  }

  /** After a wrong answer nothing that this connection says can be trusted. */
  #fault(words: string): void {
    const { tally, name } = this.#options;
    tally.fault(`${name}: ${words}`);
    if ('link' in this.#state) this.#giveUp(this.#state.link);
  }

  #giveUp(link: Link): void {
    this.#options.tally.broken += 1;
    link.cut();
    this.#goAway();
  }

  #goAway(): void {
    if (this.#state.name === 'registered') this.#options.tally.registered -= 1;
    const failedInRow = this.#failedInRow;
    this.#failedInRow += 1;
    // Nobody dials just to say goodbye.
    const isDone = this.#phase === 'finishing' && this.unanswered === 0;
    this.#state = { name: isDone ? 'left' : 'away' };
    this.#options.away(failedInRow);
  }
}
