import { influxdb } from './influxdb.ts';
import { nats } from './nats.ts';
import type { Peer } from './peer.ts';
import { redis } from './redis.ts';
import { victoriaMetrics } from './victoria-metrics.ts';

/** All that ours is compared with. */
export const peers: readonly Peer[] = [redis, nats, victoriaMetrics, influxdb];
