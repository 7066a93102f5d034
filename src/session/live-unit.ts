import { assert } from '../core/assert.ts';
import { framed, type Frame } from '../framing/frame.ts';
import { refuse, type Answers } from './answers.ts';
import { IntervalSender, type Revision, type Transmission } from './interval-sender.ts';
import { formatUpdate, parseConfirmation, textToSign } from './interval-update.ts';
import { earlier } from './machine.ts';
import { parseReading } from './reading-codec.ts';
import type { Registration } from './registration.ts';
import type { Registered, ServerAction, ServerSessionOptions } from './server-contract.ts';
import { Silence } from './silence.ts';
import { parseV1 } from './v1-readings.ts';

export interface LiveUnitOptions {
  readonly registration: Registration;
  readonly registered: Registered;
  readonly answers: Answers;
  readonly tag: ServerSessionOptions['tag'];
  readonly nowMs: number;
}

/** Nothing to do; never changed. */
const none: readonly ServerAction[] = [];

/** A unit that has registered, on the connection that it did so on: its readings, its interval, its silence. */
export class LiveUnit {
  readonly v: 1 | 2;
  readonly #epoch: string | undefined;
  readonly #clientId: string;
  readonly #token: string;
  readonly #grantedRev: number;
  readonly #answers: Answers;
  readonly #tag: LiveUnitOptions['tag'];
  readonly #judge: Registered['judge'];
  readonly #silence: Silence;
  readonly #intervals: IntervalSender;
  /** A frame has come since it registered. */
  #isHeard = false;

  constructor({ registration, registered, answers, tag, nowMs }: LiveUnitOptions) {
    // Of the two, which are larger, nothing else is wanted again.
    this.v = registration.v;
    this.#epoch = registration.epoch;
    this.#clientId = registered.clientId;
    this.#token = registered.token;
    this.#grantedRev = registered.granted.rev;
    this.#answers = answers;
    this.#tag = tag;
    this.#judge = registered.judge;
    this.#silence = new Silence(registered.granted.seconds, nowMs);
    this.#intervals = new IntervalSender({ v: registration.v, ...registered });
    this.#intervals.granted(registered.granted);
  }

  get deadlineMs(): number | undefined {
    return earlier(this.#silence.deadlineMs, this.#intervals.deadlineMs);
  }

  /** How often the wanted interval has been sent on this connection. */
  get intervalTries(): number {
    return this.#intervals.tries;
  }

  /** Any frame but `!RGTR` and `!DISC`. */
  frame(frame: Frame): readonly ServerAction[] {
    switch (frame.command) {
      case '!INFO':
        return [this.#info(frame.data)];
      case '!UPDT':
      case '!UDPT':
        return this.#confirmation(frame);
      default:
        return [refuse(this.#answers, 'unknown-command', `${frame.command} is no command of a client`)];
    }
  }

  /** A frame of whatever kind came: the unit is there, and has what `!SUCC` told it. */
  heard(nowMs: number): readonly ServerAction[] {
    const wasLate = this.#silence.frame(nowMs);
    // The interval of `!SUCC` counts as confirmed with the next frame (protocol 3); with later ones that is no news.
    const confirmed = this.#isHeard ? none : this.#confirm(this.#grantedRev);
    this.#isHeard = true;
    return wasLate ? [{ type: 'state', state: 'online', reason: 'frames come again' }, ...confirmed] : confirmed;
  }

  /** The operator wants another interval. */
  want(revision: Revision, nowMs: number): readonly ServerAction[] {
    return this.#transmit(this.#intervals.want(revision, nowMs));
  }

  paused(nowMs: number): void {
    this.#silence.pause(nowMs);
  }

  resumed(nowMs: number): void {
    this.#silence.resume(nowMs);
  }

  wake(nowMs: number): { readonly actions: readonly ServerAction[]; readonly lost: boolean } {
    const transmission = this.#intervals.wake(nowMs);
    const sent = transmission === undefined ? [] : this.#transmit(transmission);
    const verdict = this.#silence.judge(nowMs);
    if (verdict !== 'late') return { actions: sent, lost: verdict === 'lost' };
    return { actions: [...sent, { type: 'state', state: 'late', reason: 'no frame for 1.5 intervals' }], lost: false };
  }

  #info(data: string): ServerAction {
    if (this.v === 1) {
      this.#answers.await();
      return { type: 'store-v1', ...parseV1(data) };
    }
    assert(this.#epoch !== undefined, `unit ${this.#clientId} of v2 without epoch`);
    const reading = parseReading(data, this.#epoch);
    const words = typeof reading === 'string' ? reading : this.#judge?.refusal(reading);
    if (typeof reading === 'string' || words !== undefined) {
      return refuse(this.#answers, 'bad-reading', words ?? '');
    }
    this.#answers.await();
    return { type: 'store', reading };
  }

  #confirmation({ command, data }: Frame): readonly ServerAction[] {
    const rev = parseConfirmation(data);
    if (rev !== null) return this.#confirm(rev);
    return [refuse(this.#answers, 'unknown-command', `${command} of a client is ": RECEIVED" and the revision`)];
  }

  #confirm(rev: number | undefined): readonly ServerAction[] {
    const revision = this.#intervals.confirm(rev);
    if (revision === undefined) return [];
    // By the granted one it is judged from the start, and a v1 unit may have gone on from there without a word.
    if (revision.rev !== this.#grantedRev) this.#silence.intervalSeconds = revision.seconds;
    return [{ type: 'confirmed', revision, tcpOnly: this.#intervals.tcpOnly }];
  }

  #transmit({ seconds, rev, udp, tcp }: Transmission): readonly ServerAction[] {
    const data =
      this.v === 1
        ? String(seconds)
        : formatUpdate(seconds, rev, this.#tag(this.#token, textToSign(this.#clientId, rev, seconds)));
    const frame = framed('!UPDT', data);
    const actions: ServerAction[] = [];
    // It obeys, or does not, without ever saying so.
    if (this.v === 1) this.#silence.allow(seconds);
    if (udp) actions.push({ type: 'datagram', frame });
    if (tcp) actions.push({ type: 'send', frame });
    if (this.#intervals.exhausted) actions.push({ type: 'assumed', revision: { rev, seconds } });
    return actions;
  }
}
