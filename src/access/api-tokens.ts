import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { CodedError } from '../core/coded-error.ts';
import type { ApiTokenView, Holder } from './contract.ts';
import { numberIn, scopeIn, textIn, type Row } from './row.ts';

/** By it scanners of repositories and logs find a token that somebody has let slip. */
const prefix = 'thub_';
const tokenBytes = 32;
/** More are a mistake of a script. */
const tokensMax = 1_000;
// oxlint-disable-next-line no-control-regex -- names without control characters are what is asked for
const nameForm = /^[^\u0000-\u001f\u007f]{1,64}$/u;

export interface DrawnToken {
  readonly token: string;
  readonly id: string;
  readonly hash: string;
}

/** A token, and what is kept of it: people cannot choose a weak one, so a hash without salt will do. */
export function drawToken(): DrawnToken {
  for (;;) {
    const token = prefix + randomBytes(tokenBytes).toString('base64url');
    const kept = keptOf(token);
    // A command would take such an id for a flag.
    if (!kept.id.startsWith('-')) return { token, ...kept };
  }
}

/** Throws CodedError `bad-account`. */
export function checkTokenName(name: string): void {
  if (nameForm.test(name)) return;
  throw new CodedError(
    'bad-account',
    `${JSON.stringify(name.slice(0, 80))} cannot be the name of an API token: it has 1 to 64 characters and no line breaks.`,
    { exitCode: 2 },
  );
}

export function tokenViews(database: DatabaseSync): readonly ApiTokenView[] {
  return database.prepare('SELECT * FROM api_token ORDER BY created, id').all().map(viewOf);
}

/** Does the same work for every text: one hash, one look, one comparison. That an id exists is no secret. */
export function findHolder(database: DatabaseSync, token: string, nowMs: number): Holder | undefined {
  const { id, hash } = keptOf(token);
  const row = database.prepare('SELECT * FROM api_token WHERE id = ?').get(id);
  const kept = Buffer.from(row === undefined ? 'A'.repeat(hash.length) : textIn(row, 'hash'));
  const sent = Buffer.from(hash);
  const same = kept.length === sent.length && timingSafeEqual(kept, sent);
  if (!same || row === undefined || expiresMsOf(row) <= nowMs) return undefined;
  return { name: `token:${id}`, scope: scopeIn(row), generation: 0 };
}

export function insertToken(
  database: DatabaseSync,
  { id, hash }: DrawnToken,
  { name, scope, created, expires }: Omit<ApiTokenView, 'id'>,
): void {
  const row = database.prepare('SELECT count(*) AS count FROM api_token').get();
  if (Number(row?.['count']) >= tokensMax) {
    throw new CodedError('bad-account', `There are ${tokensMax} API tokens; remove one first.`);
  }
  const expiresMs = expires === null ? null : Date.parse(expires);
  database
    .prepare('INSERT INTO api_token (id, hash, name, scope, created, expires_ms) VALUES (?, ?, ?, ?, ?, ?)')
    .run(id, hash, name, scope, created, expiresMs);
}

export function deleteToken(database: DatabaseSync, id: string): void {
  const { changes } = database.prepare('DELETE FROM api_token WHERE id = ?').run(id);
  if (changes === 0) {
    const what = `There is no API token ${id.slice(0, 80)}`;
    throw new CodedError('no-such-api-token', `${what}; telemetryctl api-token list shows those there are.`);
  }
}

function keptOf(token: string): { readonly id: string; readonly hash: string } {
  const hash = createHash('sha256').update(token).digest('base64url');
  return { id: hash.slice(0, 8), hash };
}

function viewOf(row: Row): ApiTokenView {
  const expiresMs = expiresMsOf(row);
  return {
    id: textIn(row, 'id'),
    name: textIn(row, 'name'),
    scope: scopeIn(row),
    created: textIn(row, 'created'),
    expires: expiresMs === Number.POSITIVE_INFINITY ? null : new Date(expiresMs).toISOString(),
  };
}

function expiresMsOf(row: Row): number {
  return row['expires_ms'] === null ? Number.POSITIVE_INFINITY : numberIn(row, 'expires_ms');
}
