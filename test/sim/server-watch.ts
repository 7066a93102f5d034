import type { Archive } from './archive.ts';
import { FrameReader, membersOf, type WireFrame } from './frame-reader.ts';
import type { IntervalBook } from './interval-book.ts';
import { Claim, type KeyBook } from './key-book.ts';
import { labelOf, type Ledger } from './ledger.ts';
import type { Stage } from './stage.ts';
import type { Stream } from './stream.ts';
import { parseV1Line } from './v1-lines.ts';

/** What the server owes for one frame. */
type Due =
  | { readonly type: 'grant' }
  | { readonly type: 'reading'; readonly epoch: string; readonly seq: number; readonly content: string }
  | { readonly type: 'v1-readings'; readonly celsius: readonly number[] }
  /** `perhaps`: what came right behind `!RGTR`, and is an answer where that was granted before it is looked at. */
  | { readonly type: 'refusal'; readonly perhaps?: boolean }
  | { readonly type: 'leave' };

export interface ServerWatchOptions {
  readonly stage: Stage;
  readonly stream: Stream;
  readonly ledger: Ledger;
  readonly book: IntervalBook;
  readonly archive: Archive;
  /** Connections by the unit that has them. */
  readonly seats: Map<string, ServerWatch>;
  /** The client keeps to the protocol; of what others send it is only held that the server answers it. */
  readonly trusted: boolean;
  /** The client asks to be this unit, which is known. */
  readonly registering: (clientId: string) => void;
  readonly keys: KeyBook;
  /** To whose key the unit is bound, as the server has it, and what it is called. */
  readonly unitOf: (clientId: string) => { readonly name: string; readonly key: string | undefined };
}

const unansweredMax = 256;
/** All answers to what may be unanswered, and as much again for intervals. */
const queuedBytesMax = 2 * 256 * unansweredMax;
/** How long a client may take no bytes, and how late that may be found out. */
const waitsMsMax = 31_000;
/** The third ends the connection; what came with it in one piece is not read. */
const badRegistrationsMax = 3;
const fatal = /^(?:bad-frame|too-many|not-allowed|pending|store-unavailable|shutting-down) /;

/** Holds the server to its word on one connection: what is answered, in which order, and whether it is true. */
export class ServerWatch {
  readonly stream: Stream;
  readonly #options: ServerWatchOptions;
  readonly #heard = new FrameReader();
  readonly #said = new FrameReader();
  readonly #due: Due[] = [];
  #v: 1 | 2 = 1;
  #epoch = '';
  /** The unit that the client says it is. */
  #askedId = '';
  #clientId: string | undefined;
  readonly #claim: Claim;
  /** `!DISC` was read: nothing after it is. */
  #left = false;
  /** The server has said that it goes. */
  #over = false;
  #badRegistrations = 0;
  #lastFrameMs: number;
  /** Since when the client takes no bytes. */
  #waitsSinceMs: number | undefined;

  constructor(options: ServerWatchOptions) {
    this.#options = options;
    this.stream = options.stream;
    this.#claim = new Claim(options.stream.server.binding);
    this.#lastFrameMs = options.stage.nowMs;
  }

  get trusted(): boolean {
    return this.#options.trusted;
  }

  /** The version that the server speaks with it. */
  get v(): 1 | 2 {
    return this.#v;
  }

  /** When the last whole frame was read. */
  get lastFrameMs(): number {
    return this.#lastFrameMs;
  }

  /** How long the client has taken no bytes. */
  get waitsMs(): number {
    return this.#waitsSinceMs === undefined ? 0 : this.#options.stage.nowMs - this.#waitsSinceMs;
  }

  /** Called now and then while the server's loop turns: a client that takes no bytes is not kept for ever. */
  look(): void {
    const { server } = this.stream;
    const kept = server.open && this.waitsMs > waitsMsMax && !server.process.hasStalled;
    this.#check(!kept, () => `the server keeps a client that has taken no bytes for ${this.waitsMs} ms`);
  }

  /** The server is told to wait until the client has read more, or that it may go on. */
  waits(waiting: boolean): void {
    this.#waitsSinceMs = waiting ? (this.#waitsSinceMs ?? this.#options.stage.nowMs) : undefined;
  }

  /** The server is handed `bytes`. */
  read(bytes: Uint8Array): void {
    const mayRead = this.#waitsSinceMs === undefined || this.#left || this.#over || !this.#options.trusted;
    this.#check(mayRead, () => 'the server reads on from a client that takes no answers');
    for (const frame of this.#heard.read(bytes)) {
      this.#lastFrameMs = this.#options.stage.nowMs;
      if (this.#left || this.#over) continue;
      const due = this.#owed(frame);
      if (due !== undefined) this.#due.push(due);
    }
    const few = this.#due.length <= unansweredMax + 2 || !this.#options.trusted;
    this.#check(few, () => `${this.#due.length} frames read and unanswered`);
  }

  /** The server writes `bytes`. */
  wrote(bytes: Uint8Array, queuedBytes: number): void {
    const frames = this.#said.read(bytes);
    const { fault } = this.#said;
    this.#check(fault === undefined, () => `the server writes ${fault}`);
    this.#check(queuedBytes <= queuedBytesMax, () => `the server holds ${queuedBytes} bytes for a slow reader`);
    for (const frame of frames) this.#answer(frame);
    const one = frames.length === 1 || this.#v === 2 || this.#clientId === undefined;
    this.#check(one, () => `${frames.length} messages in one write to a v1 client`);
  }

  #owed({ command, data }: WireFrame): Due | undefined {
    const registered = this.#clientId !== undefined;
    switch (command) {
      case '!RGTR': {
        const { v, epoch, id } = membersOf(data);
        this.#claim.registers(data);
        this.#askedId = typeof id === 'string' ? id : '';
        if (this.#options.seats.has(this.#askedId)) this.#options.registering(this.#askedId);
        this.#epoch = typeof epoch === 'string' && v === 2 ? epoch : '';
        return { type: 'grant' };
      }
      case '!AUTH':
        return this.#claim.proves(data) ? { type: 'grant' } : { type: 'refusal' };
      case '!DISC':
        this.#left = true;
        return { type: 'leave' };
      case '!INFO':
        return registered ? this.#reading(data) : { type: 'refusal' };
      case '!UPDT':
      case '!UDPT':
        if (!data.startsWith(': RECEIVED')) return { type: 'refusal' };
        return registered ? undefined : { type: 'refusal', perhaps: !this.#options.trusted };
      default:
        return { type: 'refusal' };
    }
  }

  #reading(data: string): Due {
    if (this.#v === 1) return { type: 'v1-readings', celsius: data.split('\n').flatMap(parseV1Line) };
    const { seq, time, sensor, id, source, epoch, ...values } = membersOf(data);
    if (typeof seq !== 'number') return { type: 'refusal' };
    const lane = typeof epoch === 'string' ? epoch : this.#epoch;
    if (typeof sensor !== 'string' || !/^[a-z_]+$/.test(sensor)) {
      // Refused and logged at once; its answer may never come to be sent.
      this.#options.archive.refuse(lane, seq);
      return { type: 'refusal' };
    }
    return { type: 'reading', epoch: lane, seq, content: JSON.stringify([sensor, id, source, time, values]) };
  }

  #answer({ command, data, bare }: WireFrame): void {
    this.#check(!this.#over, () => `${command}${data} after the server has said that it goes`);
    if (command === '!UPDT' && data.startsWith('{')) {
      this.#check(this.#v === 2, () => '!UPDT over TCP to a v1 client');
      const { rev, interval } = membersOf(data);
      this.#options.book.told(this.#clientId ?? '', rev, interval);
      return;
    }
    if (command === '!FAIL' && fatal.test(data)) {
      this.#over = true;
      return;
    }
    const due = this.#answeredBy(command, data);
    this.#check(due !== undefined, () => `${command}${data} answers nothing`);
    if (due === undefined) return;
    if (due.type === 'grant' && command === '!AUTH') {
      this.#claim.asked(data);
      return;
    }
    const wants =
      due.type === 'grant' ? '!SUCC' : due.type === 'leave' ? '!DISC' : due.type === 'refusal' ? '!FAIL' : '!INFO';
    // What comes right behind !RGTR may be looked at only when that has its answer.
    const early = due.type === 'refusal' && command === '!INFO' && !this.#options.trusted;
    this.#check(command === wants || command === '!FAIL' || early, () => `${command}${data} where ${wants} is due`);
    if (command === '!FAIL') {
      this.#check(due.type !== 'reading' && due.type !== 'leave', () => `${data} in the place of ${wants}`);
      if (data.startsWith('bad-registration ')) this.#badRegistrations += 1;
      this.#check(this.#badRegistrations <= badRegistrationsMax, () => 'one bad registration too many is heard');
      return;
    }
    if (command === '!SUCC') this.#granted(data);
    else
      this.#check(
        bare === (this.#v === 1) || (this.#clientId === undefined && this.#claim.wasAsked),
        () => `${bare ? 'a bare' : 'a framed'} ${command} to a v${this.#v} client`,
      );
    if (due.type === 'reading') this.#stored(due);
    if (due.type === 'v1-readings') this.#v1Stored(due.celsius);
  }

  #answeredBy(command: string, data: string): Due | undefined {
    let due = this.#due.shift();
    if (command === '!FAIL' && data.startsWith('not-registered ')) return due;
    while (due?.type === 'refusal' && due.perhaps === true) due = this.#due.shift();
    return due;
  }

  #granted(data: string): void {
    const { client_id: clientId, v, rev, interval, seq } = membersOf(data);
    if (typeof clientId !== 'string') {
      this.#check(false, () => `!SUCC without client_id: ${data}`);
      return;
    }
    this.#v = v === 2 ? 2 : 1;
    this.#clientId = clientId;
    const unit = this.#options.unitOf(clientId);
    this.#options.keys.granted({ clientId, ...unit, proven: this.#claim.provenKey, asked: this.#claim.wasAsked });
    const { book, seats, ledger, archive } = this.#options;
    if (this.#v === 2) {
      book.told(clientId, rev, interval);
      archive.grant(clientId);
      const highest = ledger.highestOf(clientId, this.#epoch);
      this.#check(
        seq === highest || !this.#options.trusted,
        () => `!SUCC says ${String(seq)} of ${clientId} ${this.#epoch}, not ${highest}`,
      );
    }
    // A key gets its own unit, whatever else it asks for.
    const resumed = !seats.has(this.#askedId) || clientId === this.#askedId || !this.#options.trusted;
    this.#check(resumed, () => `${this.#askedId} comes back and is called ${clientId}`);
    const former = seats.get(clientId);
    this.#check(
      former === undefined || former === this || !former.stream.server.open || !former.stream.server.process.alive,
      () => `${clientId} has two connections: ${former?.stream.label} too`,
    );
    seats.set(clientId, this);
  }

  #stored({ epoch, seq, content }: Extract<Due, { readonly type: 'reading' }>): void {
    // Numbers that do not grow count as stored with the highest one.
    const { ledger, archive, trusted } = this.#options;
    if (!trusted || archive.isGivenUp(epoch, seq)) return;
    const label = labelOf(this.#clientId ?? '', epoch, seq);
    // What a disk held that is lost was acknowledged once, and the new one may have later numbers of its epoch.
    const former = archive.disks > 0 ? archive.content('', epoch, seq) : undefined;
    const stored = ledger.content(label) ?? ledger.contentOfAnybody(epoch, seq) ?? former;
    this.#check(stored !== undefined, () => `${label} is acknowledged and not stored`);
    this.#check(stored === content, () => `${label} is acknowledged as ${content} and stored as ${stored}`);
  }

  #v1Stored(celsius: readonly number[]): void {
    for (const value of celsius) {
      const reading = { sensor: 'cpu_temp', id: undefined, source: undefined, values: { celsius: value } };
      const held = this.#options.ledger.holdsUnlabelled(this.#clientId ?? '', reading);
      this.#check(held, () => `${value} °C of a v1 client is acknowledged and not stored`);
    }
  }

  #check(condition: boolean, what: () => string): void {
    this.#options.stage.check(condition, () => `${this.stream.label}: ${what()}`);
  }
}
