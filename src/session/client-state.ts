import { unreachable } from '../core/assert.ts';
import type { Connected } from './client-contract.ts';
import type { LiveServer } from './live-server.ts';
import { earlier } from './machine.ts';

/** Where the client's side stands. */
export type State =
  | { readonly name: 'idle' }
  | { readonly name: 'waiting'; readonly untilMs: number }
  | { readonly name: 'connecting'; readonly untilMs: number }
  | Registering
  | { readonly name: 'live'; readonly server: LiveServer }
  | { readonly name: 'leaving'; readonly server: LiveServer; readonly untilMs: number }
  | { readonly name: 'stopped' };

export interface Registering {
  readonly name: 'registering';
  readonly connected: Connected;
  /** The data of its `!RGTR`. */
  readonly data: string;
  /** Whether the server has asked for the key. */
  readonly proven: boolean;
  readonly untilMs: number;
  /** By when to have left, where it is to leave as soon as it has registered; undefined: it stays. */
  readonly leaveByMs: number | undefined;
}

/** When something is to happen in this state of itself, or because our patience with the server ends, at `patienceMs`. */
export function deadlineOf(state: State, patienceMs: number | undefined): number | undefined {
  switch (state.name) {
    case 'idle':
    case 'stopped':
      return undefined;
    case 'waiting':
    case 'connecting':
    case 'registering':
      return state.untilMs;
    case 'live':
      return earlier(patienceMs, state.server.deadlineMs);
    case 'leaving':
      return earlier(state.untilMs, state.server.deadlineMs);
    default:
      return unreachable(state);
  }
}

/** What was waited for in vain, by state. */
export const tooLong = {
  connecting: 'no connection within 15 s',
  registering: 'no answer to !RGTR within 15 s',
  leaving: 'no answer to !DISC within 25 s',
};
