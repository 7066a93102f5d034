import { unreachable } from '../../../src/core/assert.ts';
import type { Link } from './live-fleet.ts';

/** What happens to the page's link with the server. */
export type LinkInput =
  /** Somebody may be logged in: look, and open the stream. */
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'session'; readonly answer: 'known' | 'stranger' | 'unreachable' }
  /** The stream has answered; what it had sent before goes on. */
  | { readonly type: 'opened' }
  | { readonly type: 'heard'; readonly event: 'fleet' | 'changes' }
  /** `final`: the browser does not open it again by itself. */
  | { readonly type: 'broken'; readonly final: boolean }
  /** The server has answered, if not over the stream. */
  | { readonly type: 'alive' }
  | { readonly type: 'hidden' }
  | { readonly type: 'seen' }
  /** The stream is to be about one unit, or about all again. */
  | { readonly type: 'watch'; readonly unit: string | undefined }
  | { readonly type: 'wake' };

export type LinkAction =
  | { readonly type: 'ask-session' }
  | { readonly type: 'ask-alive' }
  | { readonly type: 'open'; readonly unit: string | undefined }
  | { readonly type: 'close' }
  | { readonly type: 'link'; readonly link: Link };

type State =
  | { readonly name: 'off' }
  | { readonly name: 'asking' }
  | { readonly name: 'waiting'; readonly untilMs: number }
  | { readonly name: 'asleep' }
  | {
      readonly name: 'open';
      /** The last sign of life by whichever way, and the last event of the stream. */
      readonly signMs: number;
      readonly eventMs: number;
      readonly askedMs: number;
      readonly broken: boolean;
      /** Whether this stream has sent the fleet. Until `fillByMs` it may still look live: it took the place of one that was. */
      readonly filled: boolean;
      readonly fillByMs: number;
    };

/** Heartbeats of a stream are not shown to pages: so where no event comes, the server is asked whether it is there. */
const askAliveMs = 15_000;
const staleMs = 45_000;
/** Whether a silent stream still carries anything is found out by a new one. */
const silentMsMax = 120_000;
const fillMsMax = 2_000;
/** A browser opens six connections to a server: a tab that nobody sees holds none. */
const hiddenMsMax = 60_000;
const waitFirstMs = 2_000;
const waitMsMax = 30_000;

/** When to open, close and doubt the stream of the fleet, and what to say of it. `random` is 0 to 1. */
export class LinkMachine {
  readonly #random: () => number;
  #state: State = { name: 'off' };
  #link: Link = { name: 'connecting' };
  #unit: string | undefined;
  #heardMs: number | undefined;
  #hiddenMs: number | undefined;
  #failures = 0;

  constructor({ random }: { readonly random: () => number }) {
    this.#random = random;
  }

  handle(input: LinkInput, nowMs: number): readonly LinkAction[] {
    const actions = this.#take(input, nowMs);
    const link = this.#linkAt(nowMs);
    if (sameLink(link, this.#link)) return actions;
    this.#link = link;
    return [...actions, { type: 'link', link }];
  }

  get deadlineMs(): number | undefined {
    const state = this.#state;
    const asleepMs = this.#hiddenMs === undefined ? Number.POSITIVE_INFINITY : this.#hiddenMs + hiddenMsMax;
    switch (state.name) {
      case 'off':
      case 'asking':
      case 'asleep':
        return undefined;
      case 'waiting':
        return Math.min(state.untilMs, asleepMs);
      case 'open': {
        const fillMs = state.filled || state.fillByMs <= state.signMs ? Number.POSITIVE_INFINITY : state.fillByMs;
        const askMs = state.broken ? Number.POSITIVE_INFINITY : state.askedMs + askAliveMs;
        return Math.min(askMs, state.signMs + staleMs, state.eventMs + silentMsMax, fillMs, asleepMs);
      }
      default:
        return unreachable(state);
    }
  }

  #take(input: LinkInput, nowMs: number): readonly LinkAction[] {
    const state = this.#state;
    switch (input.type) {
      case 'start':
        if (state.name !== 'off') return [];
        this.#failures = 0;
        return this.#ask();
      case 'stop':
        this.#heardMs = undefined;
        return this.#leave({ name: 'off' });
      case 'session':
        return state.name === 'asking' ? this.#answered(input.answer, nowMs) : [];
      case 'opened':
        if (state.name === 'open') this.#sign(state, nowMs, { broken: false });
        return [];
      case 'heard':
        if (state.name !== 'open') return [];
        this.#failures = 0;
        this.#sign(state, nowMs, {
          broken: false,
          eventMs: nowMs,
          askedMs: nowMs,
          filled: state.filled || input.event === 'fleet',
        });
        return [];
      case 'alive':
        if (state.name === 'open' && !state.broken) this.#sign(state, nowMs, {});
        return [];
      case 'broken':
        if (state.name !== 'open') return [];
        if (input.final) return this.#wait(nowMs);
        this.#state = { ...state, broken: true, fillByMs: 0 };
        return [];
      case 'hidden':
        this.#hiddenMs ??= nowMs;
        return [];
      case 'seen':
        this.#hiddenMs = undefined;
        if (state.name === 'asleep') return this.#open(nowMs, { inPlace: false });
        return state.name === 'waiting' ? this.#ask() : [];
      case 'watch':
        if (input.unit === this.#unit) return [];
        this.#unit = input.unit;
        return state.name === 'open' ? this.#open(nowMs, { inPlace: true }) : [];
      case 'wake':
        return this.#woken(nowMs);
      default:
        return unreachable(input);
    }
  }

  #answered(answer: 'known' | 'stranger' | 'unreachable', nowMs: number): readonly LinkAction[] {
    switch (answer) {
      case 'known':
        return this.#open(nowMs, { inPlace: false });
      case 'stranger':
        this.#heardMs = undefined;
        return this.#leave({ name: 'off' });
      case 'unreachable':
        return this.#wait(nowMs);
      default:
        return unreachable(answer);
    }
  }

  #woken(nowMs: number): readonly LinkAction[] {
    const state = this.#state;
    if (state.name !== 'open' && state.name !== 'waiting') return [];
    if (this.#hiddenMs !== undefined && nowMs >= this.#hiddenMs + hiddenMsMax) return this.#leave({ name: 'asleep' });
    if (state.name === 'waiting') return nowMs >= state.untilMs ? this.#ask() : [];
    if (nowMs >= state.signMs + staleMs) return this.#wait(nowMs);
    if (state.broken) return [];
    if (nowMs >= state.eventMs + silentMsMax) return this.#open(nowMs, { inPlace: true });
    if (nowMs < state.askedMs + askAliveMs) return [];
    this.#state = { ...state, askedMs: nowMs };
    return [{ type: 'ask-alive' }];
  }

  #sign(state: State & { readonly name: 'open' }, nowMs: number, change: Partial<State & { name: 'open' }>): void {
    this.#state = { ...state, ...change, name: 'open', signMs: nowMs };
    if (this.#state.filled) this.#heardMs = nowMs;
  }

  #ask(): readonly LinkAction[] {
    this.#state = { name: 'asking' };
    return [{ type: 'ask-session' }];
  }

  #open(nowMs: number, { inPlace }: { readonly inPlace: boolean }): readonly LinkAction[] {
    const isLive = this.#linkAt(nowMs).name === 'live';
    const closed = this.#leave({
      name: 'open',
      signMs: nowMs,
      eventMs: nowMs,
      askedMs: nowMs,
      broken: false,
      filled: false,
      fillByMs: inPlace && isLive ? nowMs + fillMsMax : 0,
    });
    return [...closed, { type: 'open', unit: this.#unit }];
  }

  #wait(nowMs: number): readonly LinkAction[] {
    const longestMs = Math.min(waitMsMax, waitFirstMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 8);
    // Pages that lost the same server do not come back as one.
    const untilMs = nowMs + Math.max(waitFirstMs, longestMs * (0.5 + this.#random() / 2));
    return this.#leave({ name: 'waiting', untilMs });
  }

  #leave(next: State): readonly LinkAction[] {
    const wasOpen = this.#state.name === 'open';
    this.#state = next;
    return wasOpen ? [{ type: 'close' }] : [];
  }

  #linkAt(nowMs: number): Link {
    const state = this.#state;
    const isLive =
      state.name === 'open' &&
      !state.broken &&
      (state.filled || nowMs < state.fillByMs) &&
      nowMs < state.signMs + staleMs;
    if (isLive) return { name: 'live' };
    return this.#heardMs === undefined ? { name: 'connecting' } : { name: 'stale', sinceMs: this.#heardMs };
  }
}

function sameLink(one: Link, other: Link): boolean {
  return one.name === other.name && !(one.name === 'stale' && other.name === 'stale' && one.sinceMs !== other.sinceMs);
}
