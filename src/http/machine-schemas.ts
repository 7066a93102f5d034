/** What the routes of machines and join tokens take and give, as JSON Schema. */

const time = { type: 'string', format: 'date-time', description: 'RFC 3339, UTC' } as const;

export const machineSchema = {
  type: 'object',
  description: 'A machine that holds a key.',
  required: ['client_id', 'name', 'key', 'state', 'first_seen', 'last_seen', 'peer', 'token'],
  properties: {
    client_id: { type: 'string', description: 'That of its unit' },
    name: { type: 'string', description: 'Bound to its key; while it waits, the one that it asks for' },
    key: { type: 'string', description: 'Its public key: raw Ed25519, base64url' },
    state: {
      type: 'string',
      enum: ['pending', 'approved', 'revoked', 'forgotten'],
      description:
        '`pending`: waits for approval; `approved`: name and id are served to this key alone; `revoked`: to nobody; `forgotten`: its key counts no more',
    },
    first_seen: time,
    last_seen: { ...time, description: 'When it last registered' },
    peer: { type: 'string', description: 'The address from which it was last seen' },
    token: { type: ['string', 'null'], description: 'The id of the join token that let it in' },
  },
} as const;

export const machinesSchema = { type: 'array', items: machineSchema } as const;

export const machineParamsSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', description: 'The `client_id` of the machine' } },
} as const;

export const machineNameBodySchema = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: { name: { type: 'string', minLength: 1, maxLength: 48, description: 'Unique among the machines' } },
  examples: [{ name: 'bench-03' }],
} as const;

export const joinTokenSchema = {
  type: 'object',
  description: 'A join token, without the token.',
  required: ['id', 'state', 'uses', 'uses_max', 'created', 'expires'],
  properties: {
    id: { type: 'string', description: 'How people call it' },
    state: { type: 'string', enum: ['valid', 'used', 'expired', 'revoked'] },
    uses: { type: 'integer', minimum: 0, description: 'Machines that it has let in' },
    uses_max: { type: 'integer', minimum: 1, description: 'Machines that it lets in' },
    created: time,
    expires: time,
  },
} as const;

export const joinTokensSchema = { type: 'array', description: 'The newest first.', items: joinTokenSchema } as const;

export const newJoinTokenSchema = {
  ...joinTokenSchema,
  description: 'The new join token.',
  required: ['token', 'place', ...joinTokenSchema.required],
  properties: {
    token: { type: 'string', description: 'The token itself, shown this once' },
    place: {
      description: 'Where machines join; null where the server has no TLS listener',
      anyOf: [
        {
          type: 'object',
          required: ['port', 'fingerprint'],
          properties: {
            port: { type: 'integer', minimum: 1, maximum: 65_535 },
            fingerprint: {
              type: 'string',
              description: 'The SHA-256 of the certificate that the server has there, lower-case hex',
            },
          },
        },
        { type: 'null' },
      ],
    },
    ...joinTokenSchema.properties,
  },
} as const;

export const joinTokenParamsSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', description: 'The id of the join token' } },
} as const;

export const joinTokenBodySchema = {
  type: 'object',
  required: ['uses', 'expires_seconds'],
  additionalProperties: false,
  properties: {
    uses: { type: 'integer', minimum: 1, maximum: 10_000, description: 'How many machines it lets in' },
    expires_seconds: {
      type: 'integer',
      minimum: 1,
      maximum: 2_592_000,
      description: 'How long it holds: at most 30 days',
    },
  },
  examples: [{ uses: 1, expires_seconds: 3600 }],
} as const;
