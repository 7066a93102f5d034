/** What the user asked for. */
export type Command =
  | { readonly type: 'units'; readonly json: boolean }
  | { readonly type: 'unit'; readonly name: string; readonly json: boolean }
  | IntervalCommand
  | { readonly type: 'tail'; readonly name: string | undefined; readonly json: boolean };

export interface IntervalCommand {
  readonly type: 'interval';
  /** A unit's name or `client_id`; undefined: all units. */
  readonly name: string | undefined;
  readonly seconds: number;
  /** How long to wait for the confirmation; undefined: not at all. */
  readonly timeoutMs: number | undefined;
  readonly json: boolean;
}

export type CommandLine =
  | { readonly type: 'print'; readonly text: string }
  | { readonly type: 'run'; readonly command: Command; readonly api: URL };
