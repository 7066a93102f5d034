import type { Connected } from './client-contract.ts';
import type { LiveServer } from './live-server.ts';

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
  readonly untilMs: number;
  /** By when to have left, where it is to leave as soon as it has registered; undefined: it stays. */
  readonly leaveByMs: number | undefined;
}

/** What was waited for in vain, by state. */
export const tooLong = {
  connecting: 'no connection within 15 s',
  registering: 'no answer to !RGTR within 15 s',
  leaving: 'no answer to !DISC within 25 s',
};
