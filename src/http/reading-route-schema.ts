import { readingQuerySchema, refusals, unitParamsSchema, unitReadingSchema } from './schemas.ts';

/** What was measured of one series in one step of time. */
const stepSchema = {
  type: 'object',
  description:
    'One series in one step of time. The other members are its values under their names; a value that is itself called `step` is under `value.step`.',
  required: ['unit', 'client_id', 'sensor', 'time', 'step'],
  properties: {
    unit: { type: 'string', description: "The unit's name" },
    client_id: { type: 'string' },
    sensor: { type: 'string', description: 'The kind' },
    id: { type: 'string', description: 'Which one of that kind' },
    time: { type: 'integer', description: 'When the step begins: milliseconds since 1970, UTC, a multiple of `step`' },
    step: {
      type: 'number',
      description: 'Its length in seconds: as asked for, or longer where nothing finer is kept of that time',
    },
  },
  additionalProperties: {
    type: 'object',
    description: 'One value in the step',
    required: ['min', 'avg', 'max', 'count'],
    properties: {
      min: { type: 'number' },
      avg: { type: 'number' },
      max: { type: 'number' },
      count: { type: 'integer', minimum: 1, description: 'How many readings had it' },
    },
  },
} as const;

/** What `GET units/{id}/readings` takes and gives. */
export const readingRouteSchema = {
  summary: 'The readings of a unit, or their history in steps',
  description:
    'All that are kept and match, in order of `time`. `from` and `to` are compared with the `time` of a reading, which is by the clock of its unit; without them the range is open. ' +
    'An array, or a line for each reading (`application/x-ndjson`), or CSV with a line for each value (`text/csv`). An answer that is cut off has failed. ' +
    'With `step` it is, for each series and each step in which there is any, the least, the mean and the most of each value; series after series, by sensor and id. Steps begin at multiples of their length since 1970, UTC, and are whole: the first begins at or before `from`, the last ends at or after `to`.',
  tags: ['readings'],
  params: unitParamsSchema,
  querystring: readingQuerySchema,
  response: {
    200: {
      description: 'The readings, or with `step` the steps.',
      content: {
        'application/json': {
          schema: {
            anyOf: [
              { type: 'array', items: unitReadingSchema },
              { type: 'array', items: stepSchema },
            ],
          },
        },
        'application/x-ndjson': { schema: { type: 'string' } },
        'text/csv': { schema: { type: 'string' } },
      },
    },
    ...refusals(
      'bad-request',
      'unauthenticated',
      'forbidden-host',
      'no-such-unit',
      'no-such-sensor',
      'not-acceptable',
      'store-unavailable',
      'too-many-queries',
      'shutting-down',
    ),
  },
};
