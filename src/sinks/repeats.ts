import type { Clock } from '../core/clock.ts';
import type { Fields, Level, Log } from '../core/log.ts';

export interface RepeatsOptions {
  readonly log: Log;
  readonly clock: Pick<Clock, 'after'>;
  /** How often one event of one key is logged at most; a minute if left out. */
  readonly everyMs?: number;
  /** Keys that are told apart at a time; what comes above shares one line an event. */
  readonly keysMax?: number;
}

/** A log for what a peer can cause as often as it likes. */
export interface Repeats {
  /** Logs the first at once; then counts, and logs the newest with `repeated`, the number since the line before. */
  log(level: Level, event: string, key: string, fields?: Fields): void;
  /** Logs what is still only counted. */
  close(): void;
}

interface Counted {
  readonly level: Level;
  readonly event: string;
  fields: Fields;
  repeated: number;
  cancel: () => void;
}

/** Limits how often events are logged that are alike: the same `event` with the same `key`, a unit or an address, say. */
export function createRepeats({ log, clock, everyMs = 60_000, keysMax = 1_024 }: RepeatsOptions): Repeats {
  const counting = new Map<string, Counted>();

  const summarise = ({ level, event, fields, repeated }: Counted): void => log(level, event, { ...fields, repeated });

  const watch = (name: string, counted: Counted): void => {
    counted.cancel = clock.after(everyMs, () => {
      if (counted.repeated === 0) {
        counting.delete(name);
        return;
      }
      summarise(counted);
      counted.repeated = 0;
      watch(name, counted);
    });
  };

  return {
    log(level, event, key, fields = {}) {
      const own = JSON.stringify([event, key]);
      const name = counting.has(own) || counting.size < keysMax ? own : JSON.stringify([event]);
      const counted = counting.get(name);
      if (counted !== undefined) {
        counted.fields = fields;
        counted.repeated += 1;
        return;
      }
      log(level, event, fields);
      const fresh: Counted = { level, event, fields, repeated: 0, cancel: () => undefined };
      counting.set(name, fresh);
      watch(name, fresh);
    },
    close() {
      for (const counted of counting.values()) {
        counted.cancel();
        if (counted.repeated > 0) summarise(counted);
      }
      counting.clear();
    },
  };
}
