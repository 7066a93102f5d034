/** What the server tells of itself, as JSON Schema. */

const time = { type: 'string', format: 'date-time', description: 'RFC 3339, UTC' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const numberOrNull = { type: ['number', 'null'] } as const;

/** An object that has all of these members. */
function whole(properties: Readonly<Record<string, object>>, description?: string): object {
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    required: Object.keys(properties),
    properties,
  };
}

export const serverReportSchema = whole({
  version: { type: 'string', description: "The program's" },
  time: { ...time, description: "The server's clock" },
  started: time,
  ready: { type: 'boolean', description: 'Whether it can do its work' },
  problems: { type: 'array', items: { type: 'string' }, description: 'Why not: sentences' },
  notes: { type: 'array', items: { type: 'string' }, description: 'What a person should know: sentences' },
  units: whole({ online: count, late: count, lost: count, disconnected: count }, 'How many, by state.'),
  connections: { ...count, description: 'Connections that have registered' },
  readings: whole({
    stored: { ...count, description: 'Without duplicates' },
    duplicates: { ...count, description: 'Acknowledged again, and not stored again' },
    refused: { ...count, description: 'Answered with `bad-reading`' },
    waiting: { ...count, description: 'Taken in, and waiting for the commit' },
  }),
  commits: whole({ stored: count, failed: count }),
  acknowledgement_seconds: whole(
    {
      bounds: { type: 'array', items: { type: 'number' }, description: 'Seconds' },
      counts: { type: 'array', items: count, description: 'At most each bound; the last is all of them' },
      sum: { type: 'number', description: 'Seconds' },
    },
    'From the arrival of a reading to the moment its acknowledgement goes out.',
  ),
  last_minute: whole(
    {
      readings_per_second: { type: 'number', minimum: 0 },
      acknowledgement_p50_seconds: numberOrNull,
      acknowledgement_p99_seconds: numberOrNull,
    },
    'Of the last 55 to 60 s, or since the server started; null where nothing was acknowledged.',
  ),
  troubles: {
    type: 'object',
    description: 'How often each event was logged at level warn or error, by its name.',
    additionalProperties: count,
  },
  store: whole({
    kind: { type: 'string', enum: ['memory', 'sqlite'] },
    bytes: { type: ['integer', 'null'], description: 'Of all its files; null where it has none' },
    budget_bytes: { type: ['integer', 'null'], description: 'null: no bound' },
    retention: whole(
      { readings: numberOrNull, '1m': numberOrNull, '10m': numberOrNull, '2h': numberOrNull },
      'Seconds; null: as long as there is room.',
    ),
  }),
  process: whole({
    resident_bytes: { ...count, description: 'Resident memory' },
    cpu_seconds: { type: 'number', description: 'Processor time, of user and system' },
  }),
  join: {
    type: ['object', 'null'],
    description: 'Where machines join with a token, on the machine by which this API was called; null: nowhere.',
    required: ['port', 'fingerprint'],
    properties: { port: { type: 'integer' }, fingerprint: { type: 'string' } },
  },
  tcp_port: { type: ['integer', 'null'], description: 'Where plain TCP is spoken; null: nowhere' },
});

export const settingsSchema = {
  type: 'array',
  description: 'The settings as they are in force.',
  items: whole({
    key: { type: 'string', description: 'As in the configuration file, with dots: `store.budget`' },
    value: { type: 'string', description: 'As one would write it; secrets are `***`' },
    source: { type: 'string', description: '`default`, or where it was set: a flag, a variable, a line of the file' },
    live: { type: 'boolean', description: 'Whether SIGHUP takes up a change of it' },
    description: { type: 'string' },
  }),
} as const;
