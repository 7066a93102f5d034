import { gauge } from './metric-family.ts';

/** What is told of every unit, besides what it measures. */
export const unitFamilies = {
  info: gauge(
    'telemetry_unit_info',
    'What a unit is; version is that of the protocol that it speaks, tag_ are its tags.',
  ),
  state: gauge('telemetry_unit_state', 'Whether the unit is in this state: 1 for one of them, 0 for the others.'),
  lastSeen: gauge('telemetry_unit_last_seen_timestamp_seconds', 'When the last frame of the unit arrived.'),
  clockOffset: gauge(
    'telemetry_unit_clock_offset_seconds',
    'Clock of the unit minus that of the server, 0 up to 2 s; absent until it was measured.',
  ),
  interval: gauge('telemetry_unit_interval_seconds', 'Time between two rounds of readings, wanted and confirmed.'),
  age: gauge(
    'telemetry_reading_age_seconds',
    'How long ago the newest reading of a series was taken; negative where the clock of the unit was set back.',
  ),
} as const;
