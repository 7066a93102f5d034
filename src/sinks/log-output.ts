import type { LineFormat } from './log-event.ts';

/** One place that lines go to. Nothing here waits or throws: what cannot be taken is dropped and counted. */
export interface LogOutput {
  /** For people, in `log-dropped` and on standard error: `stdout`, or the file's path. */
  readonly name: string;
  readonly format: LineFormat;
  /** Takes one whole line with its end, in this output's format. */
  writeEvent(line: string): void;
  /** Takes `count` whole lines; `render` is called only where there is room for them. */
  writeReadings(count: number, render: (format: LineFormat) => string): void;
  /** Resolves when all that was taken is written, or after `withinMs`, whichever is first. What comes later is ignored. */
  close(withinMs: number): Promise<void>;
}
