import type { Kind } from './kind.ts';
import type { Machine } from './machine.ts';

/** A default: the same everywhere, or made from the machine. `text` says it in words. */
export type Default<Value> =
  { readonly value: Value; readonly text?: string } | { readonly text: string; of(machine: Machine): Value };

/** One setting: the single place that says how it is called, what it takes, and what it is without being said. */
export interface Setting<Value> {
  /** Its path in the file, such as `log.file_bytes`; the flag and the variable are made from it. */
  readonly key: string;
  readonly kind: Kind<Value>;
  /** One sentence for the help, the documentation and editors. */
  readonly description: string;
  /** Its value where nothing says otherwise. */
  readonly default: Default<Value>;
  /** As the file would hold it. */
  readonly example: string | number | boolean | readonly string[];
  /** Has no flag: file and environment only. */
  readonly flagless?: true;
  /** When the default is nothing to run with, and the reason to tell. */
  readonly missing?: { readonly because: string; is(value: Value): boolean };
  /** Never shown: `***` stands for it in faults and in `config print`. */
  readonly secret?: true;
}

/** The settings of a program, in the order of the help and the documentation. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** What all our variables begin with. */
export const environmentPrefix = 'TELEMETRY_';

/** The flag without its dashes: `log.file_bytes` → `log-file-bytes`. */
export function flagOf(key: string): string {
  return key.replaceAll(/[._]/g, '-');
}

/** The environment variable: `log.file_bytes` → `TELEMETRY_LOG_FILE_BYTES`. */
export function environmentNameOf(key: string): string {
  return environmentPrefix + key.replaceAll('.', '_').toUpperCase();
}

/** A default as the help and the documentation say it. */
export function defaultText({ default: value, kind }: Setting<unknown>): string {
  if (value.text !== undefined || !('value' in value)) return value.text ?? '';
  return [kind.write(value.value) ?? 'none'].flat().join(',');
}
