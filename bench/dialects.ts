import type { Dialect } from './dialect.ts';
import { influxLineDialect } from './peers/influx-line-dialect.ts';
import { natsDialect } from './peers/nats-dialect.ts';
import { redisDialect } from './peers/redis-dialect.ts';
import { telemetryDialect } from './telemetry-dialect.ts';

/** All that the load can speak. */
export const dialects = {
  telemetry: telemetryDialect,
  redis: redisDialect,
  nats: natsDialect,
  'influx-line': influxLineDialect,
} as const satisfies Readonly<Record<string, Dialect>>;

export type DialectName = keyof typeof dialects;
