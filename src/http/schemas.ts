import { limits } from '../core/limits.ts';
import type { ProblemName } from './problem.ts';
import { problems } from './problem.ts';

/** What the API takes and gives, as JSON Schema. Requests are checked against it; answers are documented by it, and a test compares them. */

const time = { type: 'string', format: 'date-time', description: 'RFC 3339, UTC' } as const;

const reading = {
  type: 'object',
  description: 'One measurement: the members of the wire, and the values under their names.',
  required: ['time', 'sensor'],
  properties: {
    seq: { type: 'integer', minimum: 1, description: 'Its number in its epoch; absent for v1 units' },
    time: { type: 'integer', description: 'When it was taken: milliseconds since 1970, UTC, by the clock of the unit' },
    sensor: { type: 'string', description: 'The kind' },
    id: { type: 'string', description: 'Which one of that kind' },
    epoch: { type: 'string', description: '8 hex digits; absent for v1 units' },
    source: { type: 'string', description: 'Where the value came from, or a reason' },
  },
  additionalProperties: { type: 'number' },
} as const;

export const intervalSchema = {
  type: 'object',
  description: 'Seconds between two rounds of readings.',
  required: ['confirmed', 'wanted', 'rev', 'state', 'tries'],
  properties: {
    confirmed: { type: 'number', description: 'What the unit has confirmed' },
    wanted: { type: 'number', description: 'What it was told last' },
    rev: { type: 'integer', description: 'The revision of the wanted interval; grows with each change' },
    state: {
      type: 'string',
      enum: ['confirmed', 'sending', 'assumed'],
      description: '`assumed`: a v1 unit, which never confirms, was told as often as it is told',
    },
    tries: { type: 'integer', minimum: 0, description: 'How often it was sent' },
  },
} as const;

export const unitSchema = {
  type: 'object',
  description: 'A machine that reports.',
  required: [
    'client_id',
    'name',
    'state',
    'v',
    'ip',
    'port',
    'interval',
    'registered',
    'last_seen',
    'clock_offset_ms',
    'tags',
    'latest',
  ],
  properties: {
    client_id: { type: 'string', description: 'Never changes, never reused' },
    name: { type: 'string', description: 'Unique among the units' },
    state: { type: 'string', enum: ['online', 'late', 'lost', 'disconnected'] },
    v: { type: 'integer', enum: [1, 2], description: 'The version of the protocol that it speaks' },
    ip: { type: 'string', description: 'Where it hears UDP' },
    port: { type: 'integer', description: 'The port at which it does; 0: it does not' },
    interval: intervalSchema,
    registered: { ...time, description: 'When it last registered' },
    last_seen: { ...time, description: 'When its last frame arrived' },
    clock_offset_ms: {
      type: ['number', 'null'],
      description: "Its clock minus the server's; null until it was measured",
    },
    tags: {
      type: 'object',
      description: 'Words that people put on it: by name.',
      additionalProperties: { type: 'string' },
    },
    latest: {
      type: 'object',
      description: 'The newest readings by sensor, one for each `id`.',
      additionalProperties: { type: 'array', items: reading },
    },
  },
} as const;

export const unitsSchema = { type: 'array', description: 'All units, by name.', items: unitSchema } as const;

export const unitParamsSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', description: 'The `client_id` of the unit' } },
} as const;

export const intervalBodySchema = {
  type: 'object',
  required: ['seconds'],
  additionalProperties: false,
  properties: {
    seconds: {
      type: 'number',
      minimum: limits.intervalSecondsMin,
      maximum: limits.intervalSecondsMax,
      multipleOf: 0.001,
      description: 'Seconds between two rounds; whole seconds for v1 units',
    },
  },
  examples: [{ seconds: 5 }],
} as const;

export const eventQuerySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    unit: { type: 'string', minLength: 1, description: 'Only what concerns this unit: its name or `client_id`' },
    events: {
      type: 'string',
      pattern: '^[a-z][a-z-]*(,[a-z][a-z-]*)*$',
      description: 'Only these events: names separated by commas, for example `reading,registered`',
    },
  },
} as const;

const instant = {
  type: 'string',
  maxLength: 64,
  description: 'RFC 3339, or milliseconds since 1970',
} as const;

export const readingQuerySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    sensor: { type: 'string', maxLength: 64, description: 'Only readings of this sensor' },
    id: { type: 'string', maxLength: 512, description: 'Only readings with this `id`: which one of the kind' },
    from: { ...instant, description: `Only those taken at this time or later: ${instant.description}` },
    to: { ...instant, description: `Only those taken before this time: ${instant.description}` },
    step: {
      type: 'string',
      maxLength: 64,
      description:
        'Instead of the readings what was measured in each step of this length: `30s`, `1m`, `2h`, `1d`, `1w`, or a number of seconds; 1 s to 366 d',
    },
    format: {
      type: 'string',
      enum: ['json', 'ndjson', 'csv'],
      description: 'The form of the answer; without it, what `Accept` asks for',
    },
  },
} as const;

/** A reading with the unit that it came from. */
export const unitReadingSchema = {
  ...reading,
  required: ['unit', 'client_id', ...reading.required],
  properties: {
    unit: { type: 'string', description: "The unit's name when the reading arrived" },
    client_id: { type: 'string' },
    ...reading.properties,
  },
} as const;

export const noQuerySchema = { type: 'object', additionalProperties: false, properties: {} } as const;

const problemSchema = {
  type: 'object',
  description: 'A problem document, RFC 9457.',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', description: 'Which problem it is: `urn:telemetry-hub:problem:` and its name' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong, where, and what to do' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['detail'],
        properties: { detail: { type: 'string' }, pointer: { type: 'string' }, parameter: { type: 'string' } },
      },
    },
  },
} as const;

/** The documentation of an answer in JSON. */
export function answer(description: string, schema: object): object {
  return { description, content: { 'application/json': { schema } } };
}

/** What every route may refuse that changes something. */
export const changeRefusals = [
  'bad-request',
  'unauthenticated',
  'forbidden-host',
  'forbidden-origin',
  'forbidden-scope',
  'access-unavailable',
] as const satisfies readonly ProblemName[];

/** And what it may where the change waits for the store. */
export const storedChangeRefusals = [...changeRefusals, 'store-unavailable', 'answer-timeout'] as const;

/** The documentation of refusals, by status. */
export function refusals(...names: readonly ProblemName[]): Record<number, object> {
  const byStatus: Record<number, object> = {};
  for (const name of names) {
    const { status } = problems[name];
    const alike = names.filter((other) => problems[other].status === status);
    byStatus[status] = {
      description: alike.map((other) => `${other}: ${problems[other].title}.`).join(' '),
      content: { 'application/problem+json': { schema: problemSchema } },
    };
  }
  return byStatus;
}
