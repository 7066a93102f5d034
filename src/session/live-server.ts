import { assert } from '../core/assert.ts';
import { limits } from '../core/limits.ts';
import type { LabelledReading } from '../core/reading.ts';
import { framed, received, type Frame } from '../framing/frame.ts';
import type { ClientAction, Connected } from './client-contract.ts';
import type { IntervalReceiver, Reception } from './interval-receiver.ts';
import { parseV1Update } from './interval-update.ts';
import { earlier } from './machine.ts';
import { readingData } from './reading-codec.ts';
import { V1Turns } from './v1-turns.ts';

export interface LiveServerOptions {
  readonly connected: Connected;
  readonly v: 1 | 2;
  readonly intervals: IntervalReceiver;
}

/** What one request holds, until it is answered. */
interface Unanswered {
  readonly readings: readonly LabelledReading[];
  readonly untilMs: number;
}

/** A server that has registered this client, on the connection that it did so on. */
export class LiveServer {
  readonly v: 1 | 2;
  readonly #connected: Connected;
  readonly #intervals: IntervalReceiver;
  readonly #turns = new V1Turns();
  /** Oldest first: answers come in the order of the frames. */
  readonly #unanswered: Unanswered[] = [];
  /** `undefined`: not leaving. To a v1 server `!DISC` waits for its turn. */
  #disconnect: 'waits' | { readonly resendMs: number } | undefined;

  constructor({ connected, v, intervals }: LiveServerOptions) {
    this.#connected = connected;
    this.v = v;
    this.#intervals = intervals;
  }

  /** How many more readings may be unanswered (protocol 4); a v1 server gets rounds instead. */
  get room(): number {
    return this.v === 2 ? limits.unansweredMax - this.#unanswered.length : 0;
  }

  get deadlineMs(): number | undefined {
    const disconnect = this.#disconnect;
    if (disconnect !== undefined && disconnect !== 'waits') return disconnect.resendMs;
    return earlier(this.#unanswered[0]?.untilMs, this.#turns.deadlineMs(disconnect === 'waits'));
  }

  offer(readings: readonly LabelledReading[], nowMs: number): readonly ClientAction[] {
    assert(readings.length <= this.room, `${readings.length} readings offered where there is room for ${this.room}`);
    return readings.map((reading) => {
      const frame = framed('!INFO', readingData(reading, this.#connected.epoch));
      return this.#request({ frame, readings: [reading] }, nowMs);
    });
  }

  round(readings: readonly LabelledReading[], nowMs: number): readonly ClientAction[] {
    this.#turns.round(readings);
    return this.#takeTurn(nowMs);
  }

  /** Answers of the server, and intervals by way of TCP. `confused`: an acknowledgement of nothing. */
  frame(frame: Frame, nowMs: number): readonly ClientAction[] | 'confused' {
    if (frame.command === '!INFO' && frame.data === received) return this.#answer(undefined, nowMs);
    if (frame.command === '!UPDT' && this.v === 2) return this.#received(this.#intervals.receive(frame.data, nowMs));
    return [{ type: 'ignored', why: 'malformed' }];
  }

  /** `!FAIL bad-reading` in the place of an acknowledgement. */
  refused(words: string, nowMs: number): readonly ClientAction[] | 'confused' {
    return this.#answer(words, nowMs);
  }

  /** A datagram; a v1 server's is known by its address alone (protocol 5). */
  datagram({ command, data }: Frame, from: string, nowMs: number): readonly ClientAction[] {
    if (command !== '!UPDT') return [{ type: 'ignored', why: 'malformed' }];
    if (this.v === 2) return this.#received(this.#intervals.receive(data, nowMs));
    if (from !== this.#connected.peerAddress) return [{ type: 'ignored', why: 'stranger' }];
    const seconds = parseV1Update(data);
    if (seconds === undefined) return [{ type: 'ignored', why: 'malformed' }];
    this.#turns.confirm();
    return [{ type: 'interval', seconds, rev: 0 }, ...this.#takeTurn(nowMs)];
  }

  /** Leaves: at once from a v2 server, in its turn from a v1 server. */
  disconnect(nowMs: number): readonly ClientAction[] {
    if (this.v === 2) return [this.#sendDisconnect(nowMs)];
    this.#disconnect = 'waits';
    return this.#takeTurn(nowMs);
  }

  wake(nowMs: number): readonly ClientAction[] | 'overdue' {
    const disconnect = this.#disconnect;
    if (disconnect !== undefined && disconnect !== 'waits') {
      return nowMs >= disconnect.resendMs ? [this.#sendDisconnect(nowMs)] : [];
    }
    const oldest = this.#unanswered[0];
    if (oldest !== undefined && nowMs >= oldest.untilMs) return 'overdue';
    return this.#takeTurn(nowMs);
  }

  #sendDisconnect(nowMs: number): ClientAction {
    this.#disconnect = { resendMs: nowMs + limits.disconnectResendMs };
    return { type: 'send', frame: framed('!DISC') };
  }

  #request({ frame, readings }: { frame: Frame; readings: readonly LabelledReading[] }, nowMs: number): ClientAction {
    this.#unanswered.push({ readings, untilMs: nowMs + limits.acknowledgementMsMax });
    return { type: 'send', frame };
  }

  #answer(refused: string | undefined, nowMs: number): readonly ClientAction[] | 'confused' {
    const oldest = this.#unanswered.shift();
    if (oldest === undefined) return 'confused';
    return [{ type: 'released', readings: oldest.readings, refused }, ...this.#takeTurn(nowMs)];
  }

  /** To a v1 server: whatever may go out now that no answer is due. */
  #takeTurn(nowMs: number): readonly ClientAction[] {
    if (this.v === 2 || this.#unanswered.length > 0 || this.#turns.isQuiet(nowMs)) return [];
    if (this.#disconnect === 'waits') return [this.#sendDisconnect(nowMs)];
    const turn = this.#turns.next(nowMs);
    if (turn === undefined) return [];
    const { frame, readings } = turn;
    return [readings === undefined ? { type: 'send', frame } : this.#request({ frame, readings }, nowMs)];
  }

  #received({ apply, confirm, ignored }: Reception): readonly ClientAction[] {
    const actions: ClientAction[] = [];
    if (apply !== undefined) actions.push({ type: 'interval', ...apply });
    if (confirm !== undefined && this.#disconnect === undefined) {
      actions.push({ type: 'send', frame: framed('!UPDT', `${received} ${confirm}`) });
    }
    if (ignored !== undefined) actions.push({ type: 'ignored', why: ignored });
    return actions;
  }
}
