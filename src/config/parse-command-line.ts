import { CodedError } from '../core/coded-error.ts';
import { readArguments, type ArgumentList } from './argument-list.ts';
import type { ReadFile } from './configuration-file.ts';
import { defaultName } from './default-name.ts';
import { foreignVariables, readVariable } from './environment.ts';
import type { Place } from './kind.ts';
import type { Surroundings } from './machine.ts';
import { nearest } from './nearest.ts';
import type { Origins } from './origin.ts';
import { configFile, type Command, type Program } from './program.ts';
import { placeIn } from './place.ts';
import { resolve, type Resolution } from './resolve.ts';
import { shownText } from './shown.ts';
import type { UnreadVariable } from './unread-variables.ts';

/** A text for standard output, and what to leave with. */
export interface PrintCommand {
  readonly type: 'print';
  readonly text: string;
  readonly exitCode: 0;
}

/** Run the daemon. */
export interface RunCommand<Config> {
  readonly type: 'run';
  readonly config: Config;
  readonly origins: Origins;
  /** The configuration file's name as it was given. */
  readonly file: string | undefined;
  /** Likely mistakes that are none for certain, a sentence each: to be logged as warnings. */
  readonly warnings: readonly string[];
}

/** A program does not print a flood: a file that is no configuration at all may have a fault in every line. */
const faultsShownMax = 20;
/** yargs' own flag, by which its completion script asks. */
const completionFlag = '--get-yargs-completions';

/** A command that needs the configuration: running, where it is empty. */
export interface Ready<Config> {
  readonly command: string;
  readonly arguments: ArgumentList;
  readonly config: Config;
  readonly resolution: Resolution;
  readonly file: string | undefined;
  readonly unread: readonly UnreadVariable[];
}

/**
 * What arguments, environment and file tell a program to do. Throws CodedError `bad-usage` or `bad-configuration`, exit code 2, whose
 * message has all faults, one a line.
 */
export async function parseCommandLine<Config>(
  program: Program<Config>,
  surroundings: Surroundings,
): Promise<Ready<Config> | PrintCommand> {
  const { argv, env, cwd, platform, hostname, version } = surroundings;
  if (argv.includes(completionFlag)) return print(await (await import('./help.ts')).completions(program, argv));
  const list = readArguments(argv, program);
  const command = commandOf(program, list.words);
  if (list.switches.has('help')) {
    const { helpText } = await import('./help.ts');
    return print(await helpText(program, isCommand(program, command) ? command.split(' ') : []));
  }
  if (list.switches.has('version')) return print(`${program.name} ${version}\n`);
  const usage = [...list.faults, ...commandFaults(program, command, list)];
  if (command === 'completion' && usage.length === 0) {
    return print(await (await import('./help.ts')).completionScript(program));
  }

  const place = placeIn(cwd, platform);
  const fileNames =
    list.flags.get(configFile.flag) ?? readVariable(env, configFile.environmentName, { list: false }) ?? [];
  if (fileNames.length > 1) usage.push(`--${configFile.flag} is given ${fileNames.length} times; give it once`);
  const file = await readFile(fileNames[0], program, { place, platform });
  const machine = { ...surroundings, unitName: await defaultName(hostname) };
  const resolution = resolve({ flags: list.flags, machine, file, place, partial: command === 'sensors' });
  const config = program.config(resolution.read);
  const faults = [...(file?.faults ?? []), ...resolution.faults];
  // Of settings that are wrong themselves there is no telling.
  refuse(usage, faults.length > 0 ? faults : (program.conflicts?.(resolution.read) ?? []));

  const foreign = foreignVariables(env, program);
  const unread = foreign.length === 0 ? [] : (await import('./unread-variables.ts')).unreadVariables(foreign);
  const ready = { command, arguments: list, config, resolution, file: file?.name, unread };
  if (command === 'config check') return print(checkText(program, ready));
  if (command === 'config print') return print((await import('./effective.ts')).effectiveYaml(program, resolution));
  return ready;
}

/** Loaded only where there is a file. */
async function readFile(
  name: string | undefined,
  { settings }: Program<unknown>,
  { place, platform }: { readonly place: Place; readonly platform: string },
): Promise<ReadFile | undefined> {
  if (name === undefined) return undefined;
  const { readConfigurationFile } = await import('./configuration-file.ts');
  return readConfigurationFile(name, { settings, place, platform });
}

function print(text: string): PrintCommand {
  return { type: 'print', text, exitCode: 0 };
}

/** To run as it was told. */
export function runCommand<Config>({ config, resolution, file, unread }: Ready<Config>): RunCommand<Config> {
  const warnings = unread.flatMap(({ name, meant }) =>
    meant === undefined ? [] : [`${name} is not read; did you mean ${meant}?`],
  );
  return { type: 'run', config, origins: resolution.origins, file, warnings };
}

function refuse(usage: readonly string[], configuration: readonly string[]): void {
  const faults = [...usage, ...configuration];
  if (faults.length === 0) return;
  const shown = faults.slice(0, faultsShownMax);
  if (faults.length > shown.length) shown.push(`and ${faults.length - shown.length} more`);
  throw new CodedError(usage.length > 0 ? 'bad-usage' : 'bad-configuration', shown.join('\n'), { exitCode: 2 });
}

function isCommand(program: Program<unknown>, text: string): boolean {
  return commandTexts(program).some((command) => command === text || command.startsWith(`${text} `));
}

function commandTexts(program: Program<unknown>): readonly string[] {
  return [...program.commands.map(({ words }) => words.join(' ')), 'completion'];
}

/** The words of the command, without what it is given. */
function commandOf(program: Program<unknown>, words: readonly string[]): string {
  const taking = program.commands.find(
    ({ operand, words: own }) => operand !== undefined && own.every((word, index) => words[index] === word),
  );
  return (taking?.words ?? words).join(' ');
}

function commandFaults(program: Program<unknown>, text: string, { words, switches }: ArgumentList): readonly string[] {
  const commands = commandTexts(program);
  const faults: string[] = [];
  if (text !== '' && !commands.includes(text)) {
    const meant = nearest(text, commands);
    faults.push(
      `${shownText(text)} is not a command of ${program.name}; ${meant === undefined ? `the commands are ${commands.join(', ')}` : `did you mean ${meant}?`}`,
    );
  }
  for (const command of program.commands) {
    const isGiven = text === command.words.join(' ');
    if (isGiven) faults.push(...operandFaults(command, words.slice(command.words.length)));
    for (const { name } of command.switches) {
      if (switches.has(name) && !isGiven)
        faults.push(`--${name} belongs to ${program.name} ${command.words.join(' ')}`);
    }
  }
  return faults;
}

function operandFaults({ words, operand }: Command, given: readonly string[]): readonly string[] {
  if (operand === undefined) return [];
  const parsed = operand.parse(given.join(' '));
  return parsed.ok ? [] : [`${words.join(' ')} takes ${operand.placeholder}; ${parsed.fault}`];
}

function checkText(program: Program<unknown>, { resolution, file, unread }: Ready<unknown>): string {
  const counts = { flag: 0, environment: 0, file: 0, default: 0 };
  for (const { source } of resolution.origins.values()) counts[source] += 1;
  const fromFile = file === undefined ? '' : `from ${file}: ${counts.file}, `;
  const lines = [
    `The configuration of ${program.name} is right. From flags: ${counts.flag}, from the environment: ${counts.environment}, ${fromFile}by default: ${counts.default}.`,
    ...unread.map(({ name, meant }) => `${name} is not read${meant === undefined ? '' : `; did you mean ${meant}?`}`),
  ];
  return `${lines.join('\n')}\n`;
}
