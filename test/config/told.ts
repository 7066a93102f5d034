import {
  parseClientCommandLine,
  parseServerCommandLine,
  type ClientCommand,
  type ServerCommand,
} from '../../src/config/command-line.ts';
import type { ClientConfig, ServerConfig } from '../../src/config/contract.ts';
import { CodedError } from '../../src/core/coded-error.ts';
import type { Surroundings } from '../../src/config/machine.ts';

/** A machine on which nothing is said. */
export const quiet: Surroundings = {
  argv: [],
  env: {},
  cwd: '/srv/here',
  platform: 'linux',
  euid: 0,
  homedir: '/home/ada',
  hostname: 'bench-03',
  version: '1.2.3',
};

export async function server(argv: readonly string[], rest: Partial<Surroundings> = {}): Promise<ServerCommand> {
  return parseServerCommandLine({ ...quiet, ...rest, argv });
}

export async function client(argv: readonly string[], rest: Partial<Surroundings> = {}): Promise<ClientCommand> {
  return parseClientCommandLine({ ...quiet, ...rest, argv });
}

/** The configuration that a server would run with. */
export async function serverConfig(argv: readonly string[], rest: Partial<Surroundings> = {}): Promise<ServerConfig> {
  const command = await server(argv, rest);
  if (command.type !== 'run') throw new Error(`${command.type} instead of run`);
  return command.config;
}

/** The configuration that a client would run with. */
export async function clientConfig(argv: readonly string[], rest: Partial<Surroundings> = {}): Promise<ClientConfig> {
  const command = await client(argv, rest);
  if (command.type !== 'run') throw new Error(`${command.type} instead of run`);
  return command.config;
}

/** The text that a command prints. */
export async function printed(command: Promise<ServerCommand | ClientCommand>): Promise<string> {
  const done = await command;
  if (done.type !== 'print') throw new Error(`${done.type} instead of print`);
  return done.text;
}

/** The code and the lines of the error that refuses a command line. */
export async function refusal(
  command: Promise<unknown>,
): Promise<{ readonly code: string; readonly lines: readonly string[] }> {
  try {
    await command;
  } catch (error) {
    if (error instanceof CodedError && error.exitCode === 2)
      return { code: error.code, lines: error.message.split('\n') };
    throw error;
  }
  throw new Error('it was not refused');
}
