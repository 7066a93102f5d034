import type { Scope } from '../../access/contract.ts';
import type { ApiPlace } from './api-place.ts';

/** What the user asked for. */
export type Command =
  | { readonly type: 'units'; readonly json: boolean }
  | { readonly type: 'unit'; readonly name: string; readonly json: boolean }
  | IntervalCommand
  | { readonly type: 'tail'; readonly name: string | undefined; readonly json: boolean }
  | HistoryCommand
  | ExportCommand
  | TagCommand
  | PageCommand
  | TopCommand
  | StoreCommand
  | MachinesCommand
  | TokenCommand
  | UserCommand
  | ApiTokenCommand
  | AuditCommand;

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

export interface TagCommand {
  readonly type: 'tag';
  /** A unit's name or `client_id`; undefined: all units. */
  readonly name: string | undefined;
  /** `value` undefined: the tag is taken off. Others stay. */
  readonly changes: readonly { readonly name: string; readonly value: string | undefined }[];
  readonly json: boolean;
}

export interface PageCommand {
  readonly type: 'page';
  /** A file, or `-`: standard output. */
  readonly out: string;
  /** A unit's name or `client_id`; undefined: the fleet. */
  readonly unit: string | undefined;
  /** Of the charts: milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The fleet as it changes. */
export interface TopCommand {
  readonly type: 'top';
  /** Only units whose name or tags have these words. */
  readonly filter: string;
  readonly sort: 'worst' | 'name' | 'cpu_temp' | 'ram' | 'disk' | 'cpu' | 'seen';
  /** Print once, and end. */
  readonly once: boolean;
  /** Where there is no terminal: between two tables. */
  readonly everyMs: number;
  readonly json: boolean;
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

export interface MachinesCommand {
  readonly type: 'machines';
  /** `name`: a machine's name, its `client_id`, or the beginning of its key. */
  readonly task:
    | { readonly type: 'list' }
    | { readonly type: 'approve' | 'revoke' | 'forget'; readonly name: string }
    | { readonly type: 'rename'; readonly name: string; readonly newName: string };
  readonly json: boolean;
}

/** Join tokens. */
export interface TokenCommand {
  readonly type: 'token';
  readonly task:
    | { readonly type: 'list' }
    /** `host`: under which machines reach the server; undefined: the one that telemetryctl itself would take. */
    | { readonly type: 'new'; readonly uses: number; readonly expiresMs: number; readonly host: string | undefined }
    | { readonly type: 'revoke'; readonly id: string };
  readonly json: boolean;
}

/** A command on the files of the server's data folder. */
interface DataCommand {
  /** As it was given. */
  readonly dataDir: string | undefined;
  readonly json: boolean;
}

export interface UserCommand extends DataCommand {
  readonly type: 'user';
  readonly task:
    | { readonly type: 'list' }
    /** Undefined: `admin` for the first account, `read` for others. */
    | { readonly type: 'add'; readonly name: string; readonly scope: Scope | undefined }
    | { readonly type: 'passwd' | 'remove'; readonly name: string }
    | { readonly type: 'scope'; readonly name: string; readonly scope: Scope };
}

export interface ApiTokenCommand extends DataCommand {
  readonly type: 'api-token';
  readonly task:
    | { readonly type: 'list' }
    /** `expiresMs`: so long from now; undefined: never. */
    | { readonly type: 'new'; readonly name: string; readonly scope: Scope; readonly expiresMs: number | undefined }
    | { readonly type: 'revoke'; readonly id: string };
}

export interface AuditCommand extends DataCommand {
  readonly type: 'audit';
  readonly task: { readonly type: 'show'; readonly count: number } | { readonly type: 'verify' };
}

export type CommandLine =
  | { readonly type: 'print'; readonly text: string }
  | { readonly type: 'run'; readonly command: Command; readonly api: ApiPlace };
