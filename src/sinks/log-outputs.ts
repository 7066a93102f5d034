import type { Writable } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { BoundedOutput } from './bounded-output.ts';
import type { LineFormat } from './log-event.ts';
import type { LogOutput } from './log-output.ts';
import { openRotatingFile } from './rotating-file.ts';

export interface LogOutputsOptions {
  /** Standard output; `isTTY` where it is a terminal. It is never ended. */
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Undefined: pretty on a terminal, JSON elsewhere. A file is never coloured. */
  readonly format: LineFormat['style'] | undefined;
  /** Colours on standard output where its lines are pretty; the caller knows of `NO_COLOR`. */
  readonly colour: boolean;
  readonly file: string | undefined;
  /** Size at which the file is rotated. */
  readonly fileBytesMax: number;
  /** Rotated files that are kept. */
  readonly filesMax: number;
  readonly clock: Clock;
  /** Writes one line to standard error. */
  readonly complain: (text: string) => void;
}

/** Where the lines of one program go. */
export interface LogOutputs {
  /** All of these get every event but `reading`. */
  readonly events: readonly LogOutput[];
  /** This one gets the readings: the file, or standard output without one. */
  readonly readings: LogOutput;
  /** Resolves when all is written, or after `withinMs`. */
  close(withinMs: number): Promise<void>;
}

/** Opens them. Rejects with `log-file-unwritable` where the file cannot be used. */
export async function openLogOutputs(options: LogOutputsOptions): Promise<LogOutputs> {
  const standardOutput = outputToStdout(options);
  if (options.file === undefined) return gather([standardOutput], standardOutput);
  const file = await outputToFile(options, options.file);
  return gather([standardOutput, file], file);
}

function gather(events: readonly LogOutput[], readings: LogOutput): LogOutputs {
  return {
    events,
    readings,
    close: async (withinMs) => void (await Promise.all(events.map((output) => output.close(withinMs)))),
  };
}

function outputToStdout({ stdout, format, colour, clock, complain }: LogOutputsOptions): LogOutput {
  const style = format ?? (stdout.isTTY === true ? 'pretty' : 'json');
  return new BoundedOutput({
    name: 'stdout',
    format: style === 'json' ? { style } : { style, colour },
    stream: stdout,
    // The descriptor stays what it is; a full disk behind it may have room again.
    reopen: () => Promise.resolve(stdout),
    owned: false,
    clock,
    complain,
  });
}

async function outputToFile(options: LogOutputsOptions, path: string): Promise<LogOutput> {
  const open = (): Promise<Writable> =>
    openRotatingFile({ path, bytesMax: options.fileBytesMax, filesMax: options.filesMax });
  return new BoundedOutput({
    name: path,
    format: options.format === 'pretty' ? { style: 'pretty', colour: false } : { style: 'json' },
    stream: await open(),
    reopen: open,
    owned: true,
    clock: options.clock,
    complain: options.complain,
  });
}
