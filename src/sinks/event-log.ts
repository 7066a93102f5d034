import { Writable } from 'node:stream';
import winston from 'winston';
import { assert } from '../core/assert.ts';
import { levels, type Log } from '../core/log.ts';
import { formatEvent } from './line.ts';
import type { LogEvent } from './log-event.ts';
import type { LogOutput } from './log-output.ts';
import type { LogOptions } from './plain-log.ts';

/** The server's log of events over winston: one logger, one transport an output. Lines are written before the call returns. */
export function createEventLog({ level: levelMax, outputs, clock }: LogOptions): Log {
  const logger = winston.createLogger({
    levels: Object.fromEntries(levels.map((level, index) => [level, index])),
    level: levelMax,
    // Its default would make JSON of every event, only for the transports to do it again in their own way.
    format: winston.format((entry) => entry)(),
    transports: outputs.map(transportTo),
  });
  return (level, event, fields = {}) => {
    const entry: LogEvent = { timeMs: clock.wallMs(), level, event, fields };
    logger.log({ level, message: event, [eventOf]: entry });
  };
}

const eventOf = Symbol('the event that a winston entry carries');
/** Where winston's transports look for the finished line. */
const lineOf = Symbol.for('message');

function transportTo(output: LogOutput): winston.transport {
  const format = winston.format((entry) => {
    const event: unknown = entry[eventOf];
    assert(isEvent(event), 'every winston entry is made by this log');
    return { ...entry, [lineOf]: formatEvent(event, output.format) };
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

function isEvent(value: unknown): value is LogEvent {
  return typeof value === 'object' && value !== null && 'timeMs' in value && 'fields' in value;
}
