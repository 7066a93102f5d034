import type { ServerConfig } from '../config/contract.ts';
import type { ServerFacts } from '../http/server-facts.ts';
import type { Figures } from '../server/contract.ts';
import type { Directory } from '../store/contract.ts';
import type { Surface } from './surface.ts';

export interface ServerFactsOptions {
  readonly figures: Figures;
  readonly store: Pick<Directory, 'bytes'>;
  readonly config: Pick<ServerConfig, 'store'>;
  readonly tcpPort: () => number | undefined;
  readonly usage: Surface['usage'];
}

/** What the server tells of itself. */
export function serverFacts({ figures, store, config, tcpPort, usage }: ServerFactsOptions): ServerFacts {
  const { kind, budgetBytes, retentionMs, rollUpRetentionMs } = config.store;
  return {
    counts: () => figures.counts(),
    storeBytes: () => store.bytes(),
    store: {
      kind,
      budget_bytes: kind === 'sqlite' ? (budgetBytes ?? null) : null,
      retention: {
        readings: seconds(retentionMs),
        '1m': seconds(rollUpRetentionMs['1m']),
        '10m': seconds(rollUpRetentionMs['10m']),
        '2h': seconds(rollUpRetentionMs['2h']),
      },
    },
    tcpPort,
    process: () => {
      const { residentBytes, cpuSeconds } = usage();
      return { resident_bytes: residentBytes, cpu_seconds: cpuSeconds };
    },
  };
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000;
}
