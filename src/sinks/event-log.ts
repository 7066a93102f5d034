import { Writable } from 'node:stream';
import winston from 'winston';
import { assert } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import { levels, type Level, type Log } from '../core/log.ts';
import { formatEvent } from './line.ts';
import type { LogLimit } from './log-limit.ts';
import type { LogOutput } from './log-output.ts';

export interface EventLogOptions {
  /** Events below it are left out; it may change. */
  readonly level: () => Level;
  readonly outputs: readonly LogOutput[];
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly limit?: LogLimit;
}

/**
 * The server's log of events over winston: one logger, one transport an output. Lines are written before the call returns, but for those beyond `limit`, which are
 * dropped before anything is done for them.
 */
export function createEventLog({ level: levelMax, outputs, clock, limit }: EventLogOptions): Log {
  const logger = winston.createLogger({
    levels: Object.fromEntries(levels.map((level, index) => [level, index])),
    level: 'debug',
    // Its default would make JSON of every event, only for the transports to do it again in their own way.
    format: winston.format((entry) => entry)(),
    transports: outputs.map(transportTo),
  });
  const log: Log = (level, event, fields = {}) => {
    if (levels.indexOf(level) > levels.indexOf(levelMax()) || limit?.admits(level, event) === false) return;
    const entry = { timeMs: clock.wallMs(), level, event, fields };
    const lines = outputs.map(({ format }) => formatEvent(entry, format));
    limit?.spend(Math.max(0, ...lines.map((line) => Buffer.byteLength(line))));
    logger.log({ level, message: event, [linesOf]: lines });
  };
  limit?.tell((fields) => {
    log('warn', 'log-dropped', fields);
  });
  return log;
}

const linesOf = Symbol('the lines of a winston entry, one an output');
/** Where winston's transports look for the finished line. */
const lineOf = Symbol.for('message');

function transportTo(output: LogOutput, index: number): winston.transport {
  const format = winston.format((entry) => {
    const lines: unknown = entry[linesOf];
    assert(Array.isArray(lines), 'every winston entry is made by this log');
    const line: unknown = lines[index];
    return { ...entry, [lineOf]: line };
  })();
  const stream = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      output.writeEvent(line);
      done();
    },
  });
  return new winston.transports.Stream({ stream, format, eol: '' });
}
