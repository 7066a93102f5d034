/** What the routes of accounts, API tokens and the audit log take and give, as JSON Schema. */

const time = { type: 'string', format: 'date-time', description: 'RFC 3339, UTC' } as const;

const scope = {
  type: 'string',
  enum: ['read', 'operate', 'admin'],
  description: 'Each includes those before it',
} as const;

export const accountSchema = {
  type: 'object',
  description: 'An account, without its password.',
  required: ['name', 'scope', 'created', 'password_changed'],
  properties: { name: { type: 'string' }, scope, created: time, password_changed: time },
} as const;

export const accountsSchema = { type: 'array', description: 'By name.', items: accountSchema } as const;

export const accountBodySchema = {
  type: 'object',
  required: ['name', 'password', 'scope'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      description: 'Letters, digits, `.`, `-`, `_` and `@`; capitals make no difference',
    },
    password: { type: 'string', minLength: 1, maxLength: 256, description: 'At least 12 characters' },
    scope,
  },
  examples: [{ name: 'ada', password: 'a few words of her own', scope: 'operate' }],
} as const;

export const accountParamsSchema = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', description: 'The name of the account' } },
} as const;

export const scopeBodySchema = {
  type: 'object',
  required: ['scope'],
  additionalProperties: false,
  properties: { scope },
  examples: [{ scope: 'read' }],
} as const;

export const apiTokenSchema = {
  type: 'object',
  description: 'An API token, without the token.',
  required: ['id', 'name', 'scope', 'created', 'expires'],
  properties: {
    id: { type: 'string', description: 'How people call it' },
    name: { type: 'string', description: 'What it is for' },
    scope,
    created: time,
    expires: { type: ['string', 'null'], format: 'date-time', description: 'RFC 3339, UTC; null: never' },
  },
} as const;

export const apiTokensSchema = { type: 'array', description: 'The oldest first.', items: apiTokenSchema } as const;

export const newApiTokenSchema = {
  ...apiTokenSchema,
  description: 'The new API token.',
  required: ['token', ...apiTokenSchema.required],
  properties: {
    token: { type: 'string', description: 'The token itself, shown this once' },
    ...apiTokenSchema.properties,
  },
} as const;

export const apiTokenBodySchema = {
  type: 'object',
  required: ['name', 'scope', 'expires_seconds'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 64, description: 'What it is for' },
    scope,
    expires_seconds: {
      type: ['integer', 'null'],
      minimum: 1,
      maximum: 315_360_000,
      description: 'How long it holds: at most 3,650 days; null: until it is removed',
    },
  },
  examples: [{ name: 'grafana', scope: 'read', expires_seconds: 31_536_000 }],
} as const;

export const apiTokenParamsSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', description: 'The id of the API token' } },
} as const;

export const auditQuerySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    count: { type: 'string', maxLength: 16, description: 'How many lines: 1 to 1000; without it, 200' },
  },
} as const;

export const auditSchema = {
  type: 'array',
  description: 'The newest lines, oldest first.',
  items: {
    type: 'object',
    required: ['number', 'time', 'who', 'from', 'action', 'target', 'details', 'hash'],
    properties: {
      number: { type: 'integer', minimum: 1 },
      time,
      who: { type: 'string', description: 'An account, `token:` and an id, `local`, or `local:` and a user' },
      from: { type: 'string', description: 'The address, or `console`' },
      action: { type: 'string', description: 'What was asked, or `refused`' },
      target: { type: 'string', description: 'What it is done to; empty where there is nothing to name' },
      details: { type: 'object', description: 'Without secrets', additionalProperties: true },
      hash: { type: 'string', description: 'SHA-256, base64url, over the line before and this one' },
    },
  },
} as const;
