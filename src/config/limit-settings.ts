import { serverLimits, type ServerLimits } from '../core/limits.ts';
import { one } from './kind.ts';
import { yesOrNo } from './kinds/choice.ts';
import { integer, seconds } from './kinds/number.ts';
import { size } from './kinds/size.ts';
import type { Read } from './program.ts';
import type { Setting } from './setting.ts';

/** Far beyond what one server does; more is a slip. */
const countMax = 10_000_000;

const connections = count('connections', serverLimits.connectionsMax, 'Connections of clients at a time.');
const connectionsPerAddress = count(
  'connections_per_address',
  serverLimits.connectionsPerAddressMax,
  'Connections of clients at a time from one address.',
);
const unregistered = count(
  'unregistered',
  serverLimits.unregisteredMax,
  'Connections at a time that have not registered yet.',
);
const unregisteredSeconds: Setting<number> = {
  key: 'limits.unregistered_seconds',
  kind: one(seconds({ noun: 'time', min: 0.1, max: 600 })),
  description: 'Seconds that a connection may take to register.',
  default: { value: serverLimits.unregisteredMsMax / 1000 },
  example: 5,
  flagless: true,
};
const registrationsPerMinute = count(
  'registrations_per_minute',
  serverLimits.registrationsPerMinuteMax,
  'Registrations a minute from one address.',
);
const framesPerSecond = count(
  'frames_per_second',
  serverLimits.framesPerSecondMax,
  'Frames a second of one unit; beyond it its socket is not read for a while, and nothing is dropped.',
);
const units = count('units', serverLimits.unitsMax, 'Units in all.');
const series = count('series', serverLimits.seriesMax, 'Series of one unit: pairs of sensor and id.');
const logBytesPerSecond: Setting<number> = {
  key: 'limits.log_bytes_per_second',
  kind: one(size({ min: 1_024, max: 2 ** 30 })),
  description: 'Bytes a second of events in the log; what is beyond is counted and said.',
  default: { value: serverLimits.logBytesPerSecondMax },
  example: '256KiB',
  flagless: true,
};
const datagramsPerSecond = count(
  'datagrams_per_second',
  serverLimits.datagramsPerSecondMax,
  'Datagrams a second that the server sends; one beyond is sent again 5 s later.',
);
const slowReaderBytes: Setting<number> = {
  key: 'limits.slow_reader_bytes',
  kind: one(size({ min: 65_536, max: 2 ** 30 })),
  description: 'What an HTTP reader that takes nothing may have waiting for it.',
  default: { value: serverLimits.slowReaderBytesMax },
  example: '4MiB',
  flagless: true,
};
const loopback: Setting<boolean> = {
  key: 'limits.loopback',
  kind: one(yesOrNo),
  description: 'Limit loopback addresses like any other.',
  default: { value: serverLimits.loopbackToo },
  example: true,
  flagless: true,
};

export const limitSettings = {
  connections,
  connectionsPerAddress,
  unregistered,
  unregisteredSeconds,
  registrationsPerMinute,
  framesPerSecond,
  units,
  series,
  logBytesPerSecond,
  datagramsPerSecond,
  slowReaderBytes,
  loopback,
};

export function limitsConfig(read: Read): ServerLimits {
  return {
    connectionsMax: read(connections),
    connectionsPerAddressMax: read(connectionsPerAddress),
    unregisteredMax: read(unregistered),
    unregisteredMsMax: Math.round(read(unregisteredSeconds) * 1000),
    registrationsPerMinuteMax: read(registrationsPerMinute),
    framesPerSecondMax: read(framesPerSecond),
    unitsMax: read(units),
    seriesMax: read(series),
    logBytesPerSecondMax: read(logBytesPerSecond),
    datagramsPerSecondMax: read(datagramsPerSecond),
    slowReaderBytesMax: read(slowReaderBytes),
    loopbackToo: read(loopback),
  };
}

function count(name: string, value: number, description: string): Setting<number> {
  return {
    key: `limits.${name}`,
    kind: one(integer({ noun: 'limit', min: 1, max: countMax, placeholder: 'COUNT' })),
    description,
    default: { value },
    example: Math.max(1, Math.round(value / 2)),
    flagless: true,
  };
}
