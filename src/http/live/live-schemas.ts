import { unitSchema } from '../schemas.ts';

const { client_id, name, state, v, ip, interval, registered, clock_offset_ms } = unitSchema.properties;

const milliseconds = { type: 'integer', description: "Milliseconds since 1970, by the server's clock" } as const;

const values = {
  type: 'array',
  description:
    'The newest values, by their places: `client_id`; when its last frame arrived, milliseconds since 1970 by the clock of the server; then a value and when it was taken, milliseconds since 1970 by the clock of the unit, of ' +
    '`cpu_temp` (the hottest, degrees Celsius), `ram`, `disk` (the fullest) and `cpu`, ratios 0 to 1; last the readings that its client holds. null: there is none.',
  minItems: 11,
  maxItems: 11,
  items: { type: ['string', 'number', 'null'] },
} as const;

const row = {
  type: 'object',
  description: 'A unit in the overview.',
  required: [
    'client_id',
    'name',
    'state',
    'v',
    'ip',
    'tags',
    'interval',
    'registered',
    'clock_offset_ms',
    'fullest_disk',
    'values',
  ],
  properties: {
    client_id,
    name,
    state,
    v,
    ip,
    tags: {
      type: 'object',
      description: 'Words that people put on it, by name',
      additionalProperties: { type: 'string' },
    },
    interval,
    registered,
    clock_offset_ms,
    fullest_disk: { type: ['string', 'null'], description: 'The `id` of its fullest disk' },
    values,
  },
} as const;

export const fleetSchema = {
  type: 'object',
  description: 'All units as they are.',
  required: ['time', 'units'],
  properties: { time: milliseconds, units: { type: 'array', description: 'By name.', items: row } },
} as const;

const trail = { type: 'array', minItems: 60, maxItems: 60, items: { type: ['number', 'null'] } } as const;

export const trailsSchema = {
  type: 'object',
  description: 'The last hour of some units, a value a minute, oldest first; null where nothing was measured.',
  required: ['from', 'step', 'units'],
  properties: {
    from: { ...milliseconds, description: `The beginning of the first minute: ${milliseconds.description}` },
    step: { type: 'integer', description: 'Seconds: 60' },
    units: {
      type: 'object',
      description: 'By `client_id`.',
      additionalProperties: {
        type: 'object',
        required: ['cpu_temp', 'ram', 'disk', 'cpu'],
        properties: { cpu_temp: trail, ram: trail, disk: trail, cpu: trail },
      },
    },
  },
} as const;

export const trailsQuerySchema = {
  type: 'object',
  required: ['units'],
  additionalProperties: false,
  properties: {
    units: { type: 'string', minLength: 1, description: 'The `client_id`s, separated by commas' },
  },
} as const;

export const streamQuerySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    unit: {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      description: 'Only this unit, by its `client_id`, with its readings',
    },
  },
} as const;
