import type { ServerReport } from '../api/contract.ts';
import type { Clock } from '../core/clock.ts';
import type { Fleet, Health, ServerCounts } from '../server/contract.ts';
import { inSlices } from './live/slices.ts';
import type { LastMinute } from './last-minute.ts';
import type { ServerFacts } from './server-facts.ts';
import { storeBytesOf } from './store-bytes.ts';
import type { TroubleCounts } from './trouble-counts.ts';

export interface ServerReportOptions {
  readonly fleet: Pick<Fleet, 'ids' | 'glance'>;
  readonly health: Health;
  readonly facts: ServerFacts;
  readonly joinPlace: () => ServerReport['join'] | undefined;
  readonly clock: Clock;
  readonly version: string;
  readonly lastMinute: LastMinute;
  readonly troubles: TroubleCounts;
}

/** The server as it is now. */
export async function serverReport(options: ServerReportOptions): Promise<ServerReport> {
  const { fleet, health, facts, clock } = options;
  const units = { online: 0, late: 0, lost: 0, disconnected: 0 };
  await inSlices(fleet.ids(), glancesATurn, (clientId) => {
    const state = fleet.glance(clientId)?.state;
    if (state !== undefined) units[state] += 1;
  });
  const bytes = await storeBytesOf(facts);
  const counts = facts.counts();
  const troubles = options.troubles.counts();
  const { ready, problems, notes = [] } = health.ready();
  return {
    version: options.version,
    time: new Date(clock.wallMs()).toISOString(),
    started: new Date(counts.startedMs).toISOString(),
    ready,
    problems,
    notes,
    units,
    connections: counts.connections,
    readings: {
      stored: counts.readingsStored,
      duplicates: counts.readingsDuplicate,
      refused: troubles['bad-reading'] ?? 0,
      waiting: counts.readingsWaiting,
    },
    commits: { stored: counts.commitsStored, failed: counts.commitsFailed },
    acknowledgement_seconds: cumulative(counts.acknowledgement),
    last_minute: options.lastMinute.figures(counts),
    troubles,
    store: { ...facts.store, bytes: bytes ?? null },
    process: facts.process(),
    join: options.joinPlace() ?? null,
    tcp_port: facts.tcpPort() ?? null,
  };
}

/** Some 100 ns each. */
const glancesATurn = 5_000;

function cumulative({
  boundsSeconds,
  counts,
  sumSeconds,
}: ServerCounts['acknowledgement']): ServerReport['acknowledgement_seconds'] {
  let below = 0;
  return { bounds: boundsSeconds, counts: counts.map((count) => (below += count)), sum: sumSeconds };
}
