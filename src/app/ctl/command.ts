/** What the user asked for. */
export type Command =
  | { readonly type: 'units'; readonly json: boolean }
  | { readonly type: 'unit'; readonly name: string; readonly json: boolean }
  | IntervalCommand
  | { readonly type: 'tail'; readonly name: string | undefined; readonly json: boolean }
  | HistoryCommand
  | ExportCommand
  | StoreCommand;

export interface IntervalCommand {
  readonly type: 'interval';
  /** A unit's name or `client_id`; undefined: all units. */
  readonly name: string | undefined;
  readonly seconds: number;
  /** How long to wait for the confirmation; undefined: not at all. */
  readonly timeoutMs: number | undefined;
  readonly json: boolean;
}

export interface HistoryCommand {
  readonly type: 'history';
  /** A unit's name or `client_id`. */
  readonly name: string;
  readonly sensor: string | undefined;
  readonly id: string | undefined;
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Undefined: what suits the time and the unit. */
  readonly stepMs: number | undefined;
  readonly json: boolean;
}

export interface ExportCommand {
  readonly type: 'export';
  /** A unit's name or `client_id`; undefined: all units. */
  readonly name: string | undefined;
  /** Milliseconds since 1970; undefined: open. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly format: 'ndjson' | 'csv';
}

export interface StoreCommand {
  readonly type: 'store';
  readonly task:
    | { readonly type: 'check' }
    /** `into`: a folder for the new store, which else takes the place of the damaged one. */
    | { readonly type: 'salvage'; readonly into: string | undefined }
    | { readonly type: 'backup'; readonly file: string }
    | { readonly type: 'compact' };
  /** As it was given. */
  readonly dataDir: string | undefined;
  readonly json: boolean;
}

export type CommandLine =
  | { readonly type: 'print'; readonly text: string }
  | { readonly type: 'run'; readonly command: Command; readonly api: URL };
