import type { ClientConfig, ServerConfig } from './contract.ts';
import type { Surroundings } from './machine.ts';
import { parseCommandLine, runCommand, type PrintCommand, type RunCommand } from './parse-command-line.ts';

/** One round of readings, explained. */
export interface SensorsCommand {
  readonly type: 'sensors';
  /** Print it as JSON. */
  readonly json: boolean;
  readonly root: string;
  readonly source: ClientConfig['sensors']['source'];
  readonly timeoutMs: number;
}

export type ServerCommand = RunCommand<ServerConfig> | PrintCommand;
export type ClientCommand = RunCommand<ClientConfig> | SensorsCommand | PrintCommand;

/**
 * What telemetry-server is told to do by arguments, environment and file. Throws CodedError `bad-usage` or `bad-configuration`, exit
 * code 2, whose message has all faults, one a line.
 */
export async function parseServerCommandLine(surroundings: Surroundings): Promise<ServerCommand> {
  // Neither daemon loads the other's settings.
  const { serverProgram } = await import('./server-program.ts');
  const parsed = await parseCommandLine(serverProgram, surroundings);
  return 'type' in parsed ? parsed : runCommand(parsed);
}

/** The same for telemetry-client. */
export async function parseClientCommandLine(surroundings: Surroundings): Promise<ClientCommand> {
  const { clientProgram } = await import('./client-program.ts');
  const parsed = await parseCommandLine(clientProgram, surroundings);
  if ('type' in parsed) return parsed;
  if (parsed.command !== 'sensors') return runCommand(parsed);
  const { root, sensors } = parsed.config;
  const json = parsed.arguments.switches.has('json');
  return { type: 'sensors', json, root, source: sensors.source, timeoutMs: sensors.timeoutMs };
}
