import { unreachable } from '../core/assert.ts';
import type { LiveUnit } from './live-unit.ts';
import { earlier } from './machine.ts';
import type { Registration } from './registration.ts';

/** Where the server's side of a connection stands. */
export type State =
  | { readonly name: 'new'; readonly untilMs: number }
  | Registering
  /** Was asked for its key. */
  | { readonly name: 'challenged'; readonly registration: Registration; readonly untilMs: number }
  | { readonly name: 'live'; readonly unit: LiveUnit }
  /** Reads nothing more; sends the answers that are due, then half-closes. */
  | { readonly name: 'leaving'; readonly v: 1 | 2; readonly left: Left; readonly untilMs: number }
  | { readonly name: 'discarding'; readonly reason: string; readonly untilMs: number }
  | { readonly name: 'closed' };

interface Registering {
  readonly name: 'registering';
  readonly registration: Registration;
  readonly untilMs: number;
  /** The connection is to end as soon as the registration has its answer. */
  readonly left: Left | undefined;
}

/** Why a connection ends, and what that says of its unit, where it has one. */
export interface Left {
  readonly reason: string;
  readonly state: 'lost' | 'disconnected' | undefined;
}

/** When something is to happen in this state of itself, or because our patience with the peer ends, at `patienceMs`. */
export function deadlineOf(state: State, patienceMs: number | undefined): number | undefined {
  switch (state.name) {
    case 'new':
    case 'registering':
    case 'challenged':
      return earlier(patienceMs, state.untilMs);
    case 'live':
      return earlier(patienceMs, state.unit.deadlineMs);
    case 'leaving':
    case 'discarding':
      return state.untilMs;
    case 'closed':
      return undefined;
    default:
      return unreachable(state);
  }
}

/** Whether frames still count; after `!DISC` or a fault none does (protocol 8). */
export function readsFrames(state: State): boolean {
  if (state.name === 'registering') return state.left === undefined;
  return state.name === 'new' || state.name === 'challenged' || state.name === 'live';
}

/** What was waited for in vain, by state. */
export const tooLong = {
  new: 'no registration in time',
  challenged: 'no answer to !AUTH within 10 s',
  registering: 'the store did not take the registration within 30 s',
  leaving: 'the store did not take what is in hand within 30 s',
  discarding: 'left',
};

/** The version that the peer is spoken to in; one that has not registered is taken for a v1 peer (protocol 1). */
export function versionOf(state: State): 1 | 2 {
  if (state.name === 'live') return state.unit.v;
  // What is answered meanwhile goes out after `!SUCC`.
  if (state.name === 'registering' || state.name === 'challenged') return state.registration.v;
  return state.name === 'leaving' ? state.v : 1;
}
