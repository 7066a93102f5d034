import { FrameReader, membersOf, type WireFrame } from './frame-reader.ts';
import type { IntervalBook } from './interval-book.ts';
import type { KeyBook } from './key-book.ts';
import type { Stage } from './stage.ts';
import type { Stream } from './stream.ts';

export interface ClientWatchOptions {
  readonly stage: Stage;
  readonly stream: Stream;
  readonly book: IntervalBook;
  readonly keys: KeyBook;
}

const unansweredMax = 256;
const confirmMsMin = 1_000;
const v1QuietMs = 1_000;
const disconnectResendMs = 10_000;
/** Timers come a little early and a little late. */
const slackMs = 5;

/** Holds one of our clients to its word on one connection. */
export class ClientWatch {
  readonly #options: ClientWatchOptions;
  readonly #said = new FrameReader();
  readonly #heard = new FrameReader();
  #state: 'new' | 'registering' | 'live' | 'leaving' = 'new';
  #v: 1 | 2 | undefined;
  #clientId = '';
  #epoch = '';
  /** Frames that have an answer to come, `!RGTR` and `!DISC` too. */
  #unanswered = 0;
  readonly #lastSeq = new Map<string, number>();
  readonly #confirmedMs = new Map<number, number>();
  #quietUntilMs = 0;
  #disconnects = 0;
  #waiting = false;
  #confirmedLeaving = false;

  constructor(options: ClientWatchOptions) {
    this.#options = options;
  }

  /** The client writes `bytes`. */
  wrote(bytes: Uint8Array): void {
    const frames = this.#said.read(bytes);
    const { fault } = this.#said;
    this.#check(fault === undefined, () => `the client writes ${fault}`);
    if (this.#v !== 2) this.#check(frames.length === 1, () => `${frames.length} messages in one write to a v1 server`);
    for (const frame of frames) this.#request(frame);
  }

  /** The client is told to wait until the server has read more, or that it may go on. */
  waits(waiting: boolean): void {
    this.#waiting = waiting;
  }

  /** The client is handed `bytes`. */
  read(bytes: Uint8Array): void {
    for (const { command, data } of this.#heard.read(bytes)) {
      if (command === '!UPDT') continue;
      this.#unanswered -= 1;
      if (command === '!DISC') this.#confirmedLeaving = true;
      if (command !== '!SUCC') continue;
      const { client_id: clientId, v } = membersOf(data);
      this.#state = 'live';
      this.#v = v === 2 ? 2 : 1;
      this.#clientId = String(clientId);
    }
  }

  #request(frame: WireFrame): void {
    const { command, data } = frame;
    const nowMs = this.#options.stage.nowMs;
    this.#check(!frame.bare, () => `a bare ${command}`);
    this.#check(nowMs >= this.#quietUntilMs, () => `${command} within a second after !UDPT: RECEIVED`);
    if (this.#v === 1 && this.#state !== 'leaving') {
      this.#check(this.#unanswered === 0, () => `${command} to a v1 server that owes an answer`);
    }
    switch (command) {
      case '!RGTR':
        this.#check(this.#state === 'new', () => 'a second !RGTR');
        this.#state = 'registering';
        this.#epoch = String(membersOf(data)['epoch']);
        this.#unanswered += 1;
        return;
      case '!AUTH':
        this.#check(this.#state === 'registering' && this.#unanswered === 0, () => '!AUTH that was not asked for');
        this.#unanswered += 1;
        this.#options.keys.overheard(data);
        return;
      case '!INFO':
        this.#check(this.#state === 'live', () => `!INFO while ${this.#state}`);
        this.#check(!this.#waiting || this.#v === 1, () => '!INFO to a server that takes no bytes');
        this.#unanswered += 1;
        this.#check(this.#unanswered <= unansweredMax, () => `${this.#unanswered} unanswered`);
        if (this.#v === 2) this.#inOrder(data);
        return;
      case '!UPDT':
        this.#check(this.#v === 2 && this.#state === 'live', () => `${command}${data} while ${this.#state}`);
        this.#confirm(Number(data.slice(': RECEIVED '.length)), nowMs);
        return;
      case '!UDPT':
        this.#check(this.#v === 1 && this.#state === 'live', () => `${command}${data} while ${this.#state}`);
        this.#quietUntilMs = nowMs + v1QuietMs - slackMs;
        return;
      case '!DISC':
        this.#check(this.#state === 'live' || this.#state === 'leaving', () => `!DISC while ${this.#state}`);
        if (this.#state === 'live') this.#unanswered += 1;
        this.#state = 'leaving';
        this.#disconnects += 1;
        this.#expectAnother(this.#disconnects);
        return;
      default:
        this.#check(false, () => `${command}${data} is nothing that a client says`);
    }
  }

  /** Within an epoch readings go in the order of their numbers. */
  #inOrder(data: string): void {
    const { seq, epoch } = membersOf(data);
    const lane = typeof epoch === 'string' ? epoch : this.#epoch;
    const last = this.#lastSeq.get(lane) ?? 0;
    this.#check(typeof seq === 'number' && seq > last, () => `${lane} ${String(seq)} after ${last}`);
    if (typeof seq === 'number') this.#lastSeq.set(lane, seq);
  }

  #confirm(rev: number, nowMs: number): void {
    const lastMs = this.#confirmedMs.get(rev) ?? Number.NEGATIVE_INFINITY;
    this.#check(nowMs - lastMs >= confirmMsMin - slackMs, () => `${rev} is confirmed twice within a second`);
    this.#check(this.#options.book.wasTold(this.#clientId, rev), () => `${rev} is confirmed, which nobody sent`);
    this.#confirmedMs.set(rev, nowMs);
  }

  /** `!DISC` is sent again every 10 s until it is confirmed, the connection fails, or 25 s are over. */
  #expectAnother(sent: number): void {
    const { stage, stream } = this.#options;
    if (sent > 2) return;
    stage.timeline.after(disconnectResendMs + slackMs, () => {
      const { process } = stream.client;
      if (!stream.client.open || !process.alive || process.hasStalled || this.#confirmedLeaving) return;
      this.#check(this.#disconnects > sent, () => `!DISC is not sent again ${disconnectResendMs / 1000} s after it`);
    });
  }

  #check(condition: boolean, what: () => string): void {
    this.#options.stage.check(condition, () => `${this.#options.stream.label}: ${what()}`);
  }
}
