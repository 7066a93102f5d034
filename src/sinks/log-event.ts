import type { Fields, Level } from '../core/log.ts';

/** One thing that happened; `event` is a name of the outside contract. `timeMs` is milliseconds since 1970, UTC. */
export interface LogEvent {
  readonly timeMs: number;
  readonly level: Level;
  readonly event: string;
  readonly fields: Fields;
}

/** JSON for programs; pretty for people, with colours only where the reader is a terminal that wants them. */
export type LineFormat = { readonly style: 'json' } | { readonly style: 'pretty'; readonly colour: boolean };
