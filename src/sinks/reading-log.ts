import type { Clock } from '../core/clock.ts';
import { levels, type Level } from '../core/log.ts';
import type { UnitReading } from '../core/reading.ts';
import { formatReadings } from './line.ts';
import type { LogOutput } from './log-output.ts';

/** What one commit stored; `timeMs` is milliseconds since 1970, UTC, by the server's clock. */
export interface ReadingBatch {
  readonly timeMs: number;
  readonly readings: readonly UnitReading[];
}

/** Makes every stored reading a line of the log. */
export interface ReadingLog {
  /** Never waits and never throws; lines for which there is no room are dropped and counted by the output. */
  write(batch: ReadingBatch): void;
  /** Writes now what was gathered, so that another line can follow it. */
  flush(): void;
  /** What is written afterwards is ignored. The output is closed by whoever opened it. */
  close(): void;
}

/** No person sees the difference, and a write to a file is the work of forty lines: it wakes a thread, which wakes this one. */
const gatherMs = 50;
/** A server that has more of them writes more often: texts of 128 KiB and more are a burden to the collector of garbage. */
const gatheredMax = 256;

/**
 * `reading` lines do not go through winston, which costs 22 µs a line: batches are gathered for a moment, formatted at once and written in one
 * piece. They are of level info and left out below it.
 */
export function createReadingLog(options: {
  /** It may change. */
  readonly level: () => Level;
  readonly output: LogOutput;
  readonly clock: Clock;
}): ReadingLog {
  const { level, output, clock } = options;
  let open = true;
  let gathered: ReadingBatch[] = [];
  let count = 0;
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    if (count === 0) return;
    const batches = gathered;
    output.writeReadings(count, (format) =>
      batches.map(({ timeMs, readings }) => formatReadings(readings, timeMs, format)).join(''),
    );
    gathered = [];
    count = 0;
  };
  return {
    write(batch) {
      if (!open || batch.readings.length === 0 || levels.indexOf(level()) < levels.indexOf('info')) return;
      gathered.push(batch);
      count += batch.readings.length;
      if (count >= gatheredMax) flush();
      else cancel ??= clock.after(gatherMs, flush);
    },
    flush,
    close() {
      flush();
      open = false;
    },
  };
}
