import type { Writable } from 'node:stream';
import { unreachable } from '../../core/assert.ts';
import { CodedError } from '../../core/coded-error.ts';
import { programVersion } from '../program-version.ts';
import type { ApiClient } from './api-client.ts';
import type { ApiPlace } from './api-place.ts';
import type { Command } from './command.ts';
import { readCommandLine } from './command-line.ts';
import { changeInterval } from './interval-command.ts';
import { exportReadings } from './export-command.ts';
import { showHistory } from './history-command.ts';
import { lookAfterMachines } from './machines-command.ts';
import { openApi } from './open-api.ts';
import { Output, type TerminalLook } from './output.ts';
import type { Patience } from './patience.ts';
import { patience as usualPatience } from './patience.ts';
import type { DataSurroundings } from './data-access.ts';
import type { Keyboard } from './password-input.ts';
import { tagUnits } from './tag-command.ts';
import type { Terminal } from './terminal.ts';
import { tail } from './tail-command.ts';
import { lookAfterTokens } from './token-command.ts';
import { showUnit } from './unit-command.ts';
import { listUnits } from './units-command.ts';

export interface TelemetryctlOptions {
  /** Without the names of Node.js and of the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As in Surroundings of config/: where the server's files are, unless the user says. */
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  readonly euid: number | undefined;
  readonly homedir: string;
  /** This machine's name, under which others may reach it. */
  readonly hostname: string;
  /** The system's user who runs it. */
  readonly userName: () => string;
  /** Opened only where something is read from it. */
  readonly stdin: () => Keyboard;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Aborted when the user ends the program. */
  readonly signal: AbortSignal;
  /** Whether standard output is one. */
  readonly isTerminal: boolean;
  /** The width of that terminal; undefined where it is none. */
  readonly columns?: number | undefined;
  /** The terminal, where standard input and output are one; opened only for what fills all of it. */
  readonly terminal?: () => Terminal | undefined;
  /** For tests: less of it. */
  readonly patience?: Partial<Patience>;
}

/** What a text that is no terminal's is made for. */
const usualColumns = 80;

/** The whole of telemetryctl; resolves with its exit code and never rejects for what a user, a server or a network did. */
export async function runTelemetryctl(options: TelemetryctlOptions): Promise<0 | 1 | 2> {
  const { argv, env, stdout, stderr, signal, isTerminal } = options;
  const look = terminalLook(options);
  const colour = isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const output = new Output({ stdout, stderr, colour, isTerminal, look, signal });
  const patience = { ...usualPatience, ...options.patience };
  let command: Command | undefined;
  try {
    const line = await readCommandLine({ argv, env, version: programVersion() });
    if (line.type === 'print') {
      await output.print(line.text);
      return output.failure === undefined ? 0 : endedExitCode(command, output, signal);
    }
    ({ command } = line);
    const exitCode = await run(command, output, { place: line.api, patience, surroundings: options });
    return output.failure === undefined ? exitCode : endedExitCode(command, output, signal);
  } catch (error) {
    if (output.ended.aborted) return endedExitCode(command, output, signal);
    if (!(error instanceof CodedError)) throw error;
    output.say(`${error.message} [${error.code}]`);
    return error.exitCode;
  }
}

interface RunOptions {
  readonly place: ApiPlace;
  readonly patience: Patience;
  readonly surroundings: DataSurroundings & Pick<TelemetryctlOptions, 'hostname' | 'stdin' | 'terminal'>;
}

/** What works on the server's files is loaded only where it is asked for: few machines have them. */
async function run(command: Command, output: Output, options: RunOptions): Promise<0 | 1> {
  const { place, patience, surroundings } = options;
  switch (command.type) {
    case 'store': {
      const { lookAfterStore } = await import('./store-command.ts');
      return lookAfterStore(command, output, surroundings);
    }
    case 'user': {
      const { lookAfterUsers } = await import('./user-command.ts');
      return lookAfterUsers(command, output, surroundings);
    }
    case 'api-token': {
      const { lookAfterApiTokens } = await import('./api-token-command.ts');
      return lookAfterApiTokens(command, output, surroundings);
    }
    case 'audit': {
      const { showAudit } = await import('./audit-command.ts');
      return showAudit(command, output, surroundings);
    }
    default:
      return runOverApi(command, await openApi(place, output, patience), output, options);
  }
}

async function runOverApi(
  command: Exclude<Command, { type: 'store' | 'user' | 'api-token' | 'audit' }>,
  api: ApiClient,
  output: Output,
  { patience, surroundings }: RunOptions,
): Promise<0 | 1> {
  switch (command.type) {
    case 'units':
      return listUnits(api, output, command.json);
    case 'unit':
      return showUnit(api, output, command);
    case 'interval':
      return changeInterval(api, output, command, patience);
    case 'tail':
      return tail(api, output, command, patience);
    case 'history':
      return showHistory(api, output, command, patience);
    case 'export':
      return exportReadings(api, output, command, patience);
    case 'tag':
      return tagUnits(api, output, command);
    case 'page': {
      const { writePage } = await import('./page-command.ts');
      return writePage(api, output, command);
    }
    case 'top': {
      const { showTop } = await import('./top/top-command.ts');
      // A dumb one cannot be drawn on.
      const isDumb = surroundings.env['TERM'] === 'dumb';
      return showTop(api, output, command, {
        patience,
        terminal: () => (isDumb ? undefined : surroundings.terminal?.()),
      });
    }
    case 'machines':
      return lookAfterMachines(api, output, command);
    case 'token':
      return lookAfterTokens(api, output, command, surroundings.hostname);
    default:
      return unreachable(command);
  }
}

/** The width that tables and plots may have, and whether the locale (POSIX, in its order of precedence) has block characters. */
function terminalLook({ env, columns, platform }: TelemetryctlOptions): TerminalLook {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG']
    .map((name) => env[name])
    .find((value) => value !== undefined && value !== '');
  const blocks = locale === undefined ? platform === 'win32' : /utf-?8/i.test(locale);
  return { columns: columns === undefined || columns <= 0 ? usualColumns : columns, blocks };
}

/** To end `tail` or `top` is how one uses it; everything else has not done what it was told to. A reader that left is content. */
function endedExitCode(command: Command | undefined, output: Output, signal: AbortSignal): 0 | 1 {
  if (output.failure !== undefined) {
    output.say(`${output.failure.message} [${output.failure.code}]`);
    return 1;
  }
  if (!signal.aborted || command?.type === 'tail' || (command?.type === 'top' && !command.once)) return 0;
  output.say(unfinished(command));
  return 1;
}

function unfinished(command: Command | undefined): string {
  switch (command?.type) {
    case 'interval':
    case 'tag':
    case 'machines':
    case 'token':
      return 'ended before the answer; the change may have been sent.';
    case 'history':
    case 'export':
      return 'ended before the end; what was printed is not all.';
    case 'store':
    case 'user':
      return 'ended before it was done; nothing was changed.';
    default:
      return 'ended before the answer.';
  }
}
