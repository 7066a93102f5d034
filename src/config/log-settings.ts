import { levels, type Level } from '../core/log.ts';
import type { LogConfig } from './contract.ts';
import { one, orUnset } from './kind.ts';
import { choice } from './kinds/choice.ts';
import { integer } from './kinds/number.ts';
import { path } from './kinds/path.ts';
import { size } from './kinds/size.ts';
import type { Read } from './program.ts';
import type { Setting } from './setting.ts';

const fileBytesDefault = 10 * 2 ** 20;
const filesDefault = 5;
/** Smaller ones would rotate several times a second under load. */
const fileBytesMin = 2 ** 10;
/** Larger ones are typing errors. */
const fileBytesMax = 2 ** 40;
/** Each rotation renames every kept file. */
const filesMax = 1_000;

const level: Setting<Level> = {
  key: 'log.level',
  kind: one(choice(levels, 'LEVEL')),
  description: 'How much is logged: this level and the graver ones.',
  default: { value: 'info' },
  example: 'debug',
};

const format: Setting<LogConfig['format']> = {
  key: 'log.format',
  kind: one(orUnset(choice(['pretty', 'json'], 'FORMAT'))),
  description: 'How a line of the log looks.',
  default: { value: undefined, text: 'pretty on a terminal, json elsewhere' },
  example: 'json',
};

const file: Setting<string | undefined> = {
  key: 'log.file',
  kind: one(orUnset(path('FILE'))),
  description: 'A rotating file that gets all events; standard output then gets all but readings.',
  default: { value: undefined, text: 'none' },
  example: '/var/log/telemetry/telemetry.log',
};

const fileBytes: Setting<number> = {
  key: 'log.file_bytes',
  kind: one(size({ min: fileBytesMin, max: fileBytesMax })),
  description: 'The size at which the log file is rotated.',
  default: { value: fileBytesDefault },
  example: '64MiB',
};

const files: Setting<number> = {
  key: 'log.files',
  kind: one(integer({ noun: 'number of files', min: 1, max: filesMax, placeholder: 'COUNT' })),
  description: 'How many rotated log files are kept.',
  default: { value: filesDefault },
  example: 10,
};

/** The settings of the log, the same for both daemons. */
export const logSettings = { level, format, file, fileBytes, files };

export function logConfig(read: Read): LogConfig {
  return {
    level: read(level),
    format: read(format),
    file: read(file),
    fileBytesMax: read(fileBytes),
    filesMax: read(files),
  };
}
