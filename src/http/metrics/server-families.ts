import { counter, gauge, type MetricFamily } from './metric-family.ts';

/** What the server tells of itself. */
export const serverFamilies = {
  build: gauge('telemetry_build_info', 'The version of the server.'),
  ready: gauge('telemetry_ready', 'Whether the server can do its work, as /readyz says.'),
  stored: counter('telemetry_readings_stored_total', 'Readings that were stored, without duplicates.'),
  duplicate: counter('telemetry_readings_duplicate_total', 'Readings that came again: acknowledged, not stored again.'),
  refused: counter('telemetry_readings_refused_total', 'What cannot be a reading, and was answered with bad-reading.'),
  waiting: gauge('telemetry_readings_waiting', 'Readings that were taken in and wait for the commit.'),
  commits: counter('telemetry_commits_total', 'Commits of the store.'),
  acknowledgement: {
    name: 'telemetry_acknowledgement_duration_seconds',
    type: 'histogram',
    help: 'From the arrival of a reading to the moment its acknowledgement goes out.',
  },
  connections: gauge('telemetry_connections', 'Connections of units that have registered.'),
  units: gauge('telemetry_units', 'Units by state.'),
  storeBytes: gauge('telemetry_store_bytes', 'Size of all files of the store; absent for the store in memory.'),
  storeBudget: gauge(
    'telemetry_store_budget_bytes',
    'What the store may have, as store.budget says; absent without one.',
  ),
  leftOut: counter('telemetry_store_blocks_left_out_total', 'Damaged blocks and chunks that queries left out.'),
  events: counter('telemetry_events_total', 'Events that were logged at level warn or error.'),
  processStart: gauge('process_start_time_seconds', 'When the server started.'),
  processMemory: gauge('process_resident_memory_bytes', 'Resident memory of the server.'),
  processCpu: counter('process_cpu_seconds_total', 'Processor time of the server, of user and system.'),
} as const satisfies Readonly<Record<string, MetricFamily>>;

/** All of them, with the names that the samples of a histogram have. */
export const serverFamilyNames: readonly string[] = Object.values(serverFamilies).flatMap(({ name, type }) =>
  type === 'histogram' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
);
