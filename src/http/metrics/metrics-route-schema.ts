import { refusals } from '../schemas.ts';

/** What `GET /metrics` takes and gives. */
export const metricsRouteSchema = {
  summary: "The server's figures and every unit's newest readings, for Prometheus",
  description:
    "Prometheus' text format, version 0.0.4; docs/metrics.md has every metric. A value that is not fresh, or of a unit that is not online, has no sample.",
  tags: ['metrics'],
  querystring: {
    type: 'object',
    additionalProperties: false,
    properties: {
      names: {
        type: 'string',
        enum: ['telemetry', 'node'],
        description: '`node`: the units alone, under the names of node_exporter, each as an `instance`',
      },
    },
  },
  response: {
    200: { description: 'The samples.', content: { 'text/plain': { schema: { type: 'string' } } } },
    ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'too-many-queries'),
  },
} as const;
