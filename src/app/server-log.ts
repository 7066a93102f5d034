import type { ServerConfig } from '../config/contract.ts';
import type { Log } from '../core/log.ts';
import type { Feed } from '../server/contract.ts';
import { createEventLog } from '../sinks/event-log.ts';
import { LogLimit } from '../sinks/log-limit.ts';
import { openLogOutputs } from '../sinks/log-outputs.ts';
import { createReadingLog } from '../sinks/reading-log.ts';
import { createRepeats } from '../sinks/repeats.ts';
import { systemClock as clock } from '../transport/system-clock.ts';
import type { Lifecycle } from './lifecycle.ts';
import { wantsColour, type Surface } from './surface.ts';

/** Events that a peer can cause as often as it likes. */
const limitedEvents = new Set([
  'bad-frame',
  'bad-reading',
  'registration-refused',
  'unknown-command',
  'not-registered',
  'connection-closed',
  'connection-refused',
  'tls-failed',
  'login-failed',
  'request-refused',
  'clock-off',
  'clock-right',
  'duplicate-identity',
]);

/** The log of a server: where it starts it is told of by `log`, and of what the hub does by its feed. */
export interface ServerLog {
  readonly log: Log;
  /** Makes the log a listener of the feed like any other, until the lifecycle ends. */
  follow(feed: Feed): void;
}

/** Opens the log; `settings` answers them as they are now. Stops with `lifecycle`. */
export async function openServerLog(
  settings: () => Pick<ServerConfig, 'log' | 'limits'>,
  surface: Surface,
  lifecycle: Lifecycle,
): Promise<ServerLog> {
  const outputs = await openLogOutputs({ ...surface, ...settings().log, colour: wantsColour(surface), clock });
  lifecycle.onStop(() => outputs.close(2_000));
  const limit = new LogLimit({ bytesPerSecondMax: () => settings().limits.logBytesPerSecondMax, clock });
  lifecycle.onStop(() => {
    limit.close();
  });
  const level = (): ServerConfig['log']['level'] => settings().log.level;
  const log = createEventLog({ level, outputs: outputs.events, clock, limit });
  return {
    log,
    follow(feed) {
      const readings = createReadingLog({ level, output: outputs.readings, clock });
      const inOrder: Log = (eventLevel, event, fields) => {
        readings.flush();
        log(eventLevel, event, fields);
      };
      const repeats = createRepeats({ log: inOrder, clock });
      const unsubscribe = feed.subscribe({
        event: ({ level: eventLevel, event, fields }) => {
          if (!limitedEvents.has(event)) inOrder(eventLevel, event, fields);
          else {
            const cause = String(fields['client_id'] ?? hostOf(String(fields['peer'] ?? '')));
            repeats.log(eventLevel, event, cause, fields);
          }
        },
        readings: (batch) => {
          readings.write(batch);
        },
      });
      lifecycle.onStop(() => {
        unsubscribe();
        repeats.close();
        readings.close();
      });
    },
  };
}

/** The address of `address:port`: a peer that dials anew has another port. */
function hostOf(peer: string): string {
  return peer.slice(0, peer.lastIndexOf(':'));
}
