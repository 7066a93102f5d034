import { CodedError } from '../core/coded-error.ts';
import type { ClientConfig, ServerConfig } from './contract.ts';
import type { Invitation } from './kinds/invitation.ts';
import type { Surroundings } from './machine.ts';
import { parseCommandLine, runCommand, type PrintCommand, type Ready, type RunCommand } from './parse-command-line.ts';
import type { SettingInForce } from './settings-view.ts';

/** One round of readings, explained. */
export interface SensorsCommand {
  readonly type: 'sensors';
  /** Print it as JSON. */
  readonly json: boolean;
  readonly root: string;
  readonly source: ClientConfig['sensors']['source'];
  readonly timeoutMs: number;
}

/** Join a server: make a key, register once, remember where. */
export interface JoinCommand {
  readonly type: 'join';
  readonly invitation: Invitation;
  readonly config: ClientConfig;
  /** Whether the folder of the state was given by a flag, which those who run the client afterwards have to give as well. */
  readonly hasStateFlag: boolean;
}

/** Run the server. `settings` are what it shows of them to people: made at once, since variables and files may say something else when somebody asks. */
export type RunServerCommand = RunCommand<ServerConfig> & { readonly settings: readonly SettingInForce[] };
export type ServerCommand = RunServerCommand | PrintCommand;
export type ClientCommand = RunCommand<ClientConfig> | SensorsCommand | JoinCommand | PrintCommand;

/**
 * What telemetry-server is told to do by arguments, environment and file. Throws CodedError `bad-usage` or `bad-configuration`, exit
 * code 2, whose message has all faults, one a line.
 */
export async function parseServerCommandLine(surroundings: Surroundings): Promise<ServerCommand> {
  // Neither daemon loads the other's settings.
  const { serverProgram } = await import('./server-program.ts');
  const parsed = await parseCommandLine(serverProgram, surroundings);
  if ('type' in parsed) return parsed;
  const { settingsInForce } = await import('./settings-view.ts');
  return { ...runCommand(parsed), settings: settingsInForce(serverProgram, parsed.resolution) };
}

/** The same for telemetry-client. */
export async function parseClientCommandLine(surroundings: Surroundings): Promise<ClientCommand> {
  const { clientProgram } = await import('./client-program.ts');
  const parsed = await parseCommandLine(clientProgram, surroundings);
  if ('type' in parsed) return parsed;
  if (parsed.command !== 'sensors') {
    const isGiven = parsed.resolution.origins.get('name')?.source !== 'default';
    const named = isGiven ? parsed : { ...parsed, config: { ...parsed.config, nameIsHosts: true as const } };
    return parsed.command === 'join' ? joinCommand(named) : runCommand(named);
  }
  const { root, sensors } = parsed.config;
  const json = parsed.arguments.switches.has('json');
  return { type: 'sensors', json, root, source: sensors.source, timeoutMs: sensors.timeoutMs };
}

/** What came of reading a running server's settings again. `faults` are lines for a person. */
export type Reloaded =
  | ({ readonly ok: true } & Pick<RunServerCommand, 'config' | 'settings'>)
  | { readonly ok: false; readonly faults: string };

/** Reads the settings of a running server again, from the same arguments and environment and the file as it is now. */
export async function reloadServerCommandLine(surroundings: Surroundings): Promise<Reloaded> {
  try {
    const command = await parseServerCommandLine(surroundings);
    if (command.type === 'run') return { ok: true, config: command.config, settings: command.settings };
    return { ok: false, faults: 'the arguments ask for no run' };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { ok: false, faults: error.message };
  }
}

async function joinCommand({ config, arguments: list, resolution }: Ready<ClientConfig>): Promise<JoinCommand> {
  const { invitation } = await import('./kinds/invitation.ts');
  const parsed = invitation.parse(list.words.slice(1).join(' '));
  // Looked at before, with all else that may be wrong.
  if (!parsed.ok) throw new CodedError('bad-usage', parsed.fault, { exitCode: 2 });
  const hasStateFlag = resolution.origins.get('state_dir')?.source === 'flag';
  return { type: 'join', invitation: parsed.value, config, hasStateFlag };
}
