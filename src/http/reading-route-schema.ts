import { readingQuerySchema, refusals, unitParamsSchema, unitReadingSchema } from './schemas.ts';

/** What `GET units/{id}/readings` takes and gives. */
export const readingRouteSchema = {
  summary: 'The readings of a unit',
  description:
    'All that are kept and match, in order of arrival. `from` and `to` are compared with the `time` of a reading, which is by the clock of its unit; without them the range is open. ' +
    'An array, or a line for each reading (`application/x-ndjson`), or CSV with a line for each value (`text/csv`). An answer that is cut off has failed.',
  tags: ['readings'],
  params: unitParamsSchema,
  querystring: readingQuerySchema,
  response: {
    200: {
      description: 'The readings.',
      content: {
        'application/json': { schema: { type: 'array', items: unitReadingSchema } },
        'application/x-ndjson': { schema: { type: 'string' } },
        'text/csv': { schema: { type: 'string' } },
      },
    },
    ...refusals(
      'bad-request',
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
