import type { Parsed } from './kind.ts';
import type { Setting, Settings } from './setting.ts';

/** Gives a setting's value from whichever source says it first. */
export type Read = <Value>(setting: Setting<Value>) => Value;

/** A command of a daemon besides running. */
export interface Command {
  readonly words: readonly string[];
  readonly summary: string;
  /** Flags of this command alone, which take no value. */
  readonly switches: readonly { readonly name: string; readonly description: string }[];
  /** What follows the words, where something must. A fault does not show what was given: it may be a secret. */
  readonly operand?: { readonly placeholder: string; parse(text: string): Parsed<unknown> };
}

/** What a daemon's command line is made of. */
export interface Program<Config> {
  readonly name: string;
  /** What it needs to run, as the help's first line says it. */
  readonly usage: string;
  readonly summary: string;
  readonly settings: Settings;
  readonly commands: readonly Command[];
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  config(read: Read): Config;
  /** Lines for a person: settings that are right each for itself and not together. */
  conflicts?(read: Read): readonly string[];
}

/** The commands that both daemons have. */
export const configCommands: readonly Command[] = [
  { words: ['config', 'check'], summary: 'Say whether the configuration is right, and what is not', switches: [] },
  {
    words: ['config', 'print'],
    summary: 'Print the effective configuration and where each value comes from',
    switches: [],
  },
];

/** What commands with the same first word have in common. */
export const commandGroups: ReadonlyMap<string, string> = new Map([
  ['config', 'Look at the configuration without starting: check, print'],
]);

/** How both daemons end. */
export const exitCodes = [
  { code: 0, meaning: 'done, or left cleanly' },
  { code: 1, meaning: 'failed' },
  { code: 2, meaning: 'wrong usage or configuration; standard error says what would be right' },
] as const;

/** The file, which is no setting of itself. */
export const configFile = {
  flag: 'config',
  environmentName: 'TELEMETRY_CONFIG',
  description: 'The YAML file with the settings.',
} as const;
