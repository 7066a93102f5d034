import type { Committed, Feed, HubEvent } from '../../src/server/contract.ts';
import type { IntervalBook } from './interval-book.ts';
import { labelOf, type Ledger } from './ledger.ts';
import type { ServerWatch } from './server-watch.ts';
import type { Stage } from './stage.ts';

export interface HubWatchOptions {
  readonly stage: Stage;
  readonly book: IntervalBook;
  readonly ledger: Ledger;
  /** The interval that a unit has confirmed, seconds. */
  readonly intervalOf: (clientId: string) => number;
  /** Connections by the unit that has them. */
  readonly seats: ReadonlyMap<string, ServerWatch>;
}

/** The least silence after which a unit may count as lost. */
const lostMsMin = 15_000;
/** How long a client may take no bytes. */
const waitsMsMax = 30_000;
/** Unread bytes among which there is a whole frame, whatever came before them. */
const frameBytesMax = 256;
/** A wake that is later than that was held up, and what the unit sent meanwhile is to be read first. */
const unnoticedMs = 300;
const slackMs = 5;

/** Holds the server to what it says of its units. */
export class HubWatch implements Listener {
  readonly #options: HubWatchOptions;
  readonly #published = new Set<string>();
  readonly #lateMs = new Map<string, number>();

  constructor(options: HubWatchOptions) {
    this.#options = options;
  }

  event({ level, event, fields }: HubEvent): void {
    const { stage, book, seats } = this.#options;
    stage.record(`server ${level} ${event} ${JSON.stringify(fields)}`);
    const clientId = String(fields['client_id']);
    if (event === 'tags-changed') this.#tagged(clientId, String(fields['tags']));
    const seat = seats.get(clientId);
    if (seat === undefined) return;
    if (event === 'late') this.#lateMs.set(clientId, stage.nowMs);
    if (event === 'lost') this.#lost(clientId, String(fields['reason']), seat);
    if (event === 'interval-confirmed' && seat.trusted && seat.v === 2) {
      book.confirmed(clientId, fields['rev'], fields['interval']);
    }
  }

  /** The operator's tags are numbered by time: what is told is stored, or something later is. */
  #tagged(clientId: string, told: string): void {
    const { stage, ledger } = this.#options;
    const [stored, said] = [ledger.notes.tagsOf(clientId), told].map((text) => Number(text.replace('place=', '')));
    stage.check(Number(stored) >= Number(said), () => `${clientId} is told to have ${told}, and that is not stored`);
  }

  readings({ readings }: Committed): void {
    const { stage, ledger } = this.#options;
    for (const { clientId, reading } of readings) {
      if (reading.epoch === undefined || reading.seq === undefined) continue;
      const label = labelOf(clientId, reading.epoch, reading.seq);
      const fresh = !this.#published.has(label) && ledger.content(label) !== undefined;
      stage.check(fresh, () => `${label} is shown twice, or is not stored`);
      this.#published.add(label);
    }
  }

  #lost(clientId: string, reason: string, seat: ServerWatch): void {
    const { stage } = this.#options;
    if (reason === 'the client does not read its answers') {
      stage.check(seat.waitsMs >= waitsMsMax - slackMs, () => `${clientId} is lost, and reads`);
    }
    if (reason !== 'no frame for 3 intervals') return;
    const silentMs = stage.nowMs - seat.lastFrameMs;
    const lostMs = Math.max(lostMsMin, this.#options.intervalOf(clientId) * 3_000);
    stage.check(silentMs >= lostMsMin, () => `${clientId} is lost ${silentMs} ms after its last frame`);
    const lateMs = this.#lateMs.get(clientId) ?? 0;
    stage.check(lateMs > seat.lastFrameMs, () => `${clientId} is lost without having been late`);
    const { process } = seat.stream.server;
    const unread = seat.stream.incoming('to-client').unreadBytes;
    // A stall that ends within a quarter of a second after the moment to judge goes unnoticed, however long it was.
    const blind = process.hasJustStalled && silentMs - lostMs < unnoticedMs;
    stage.check(unread < frameBytesMax || blind, () => `${clientId} is lost, ${unread} bytes unread`);
  }
}

type Listener = Parameters<Feed['subscribe']>[0];
