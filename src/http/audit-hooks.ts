import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Access, Actor, AuditEntry } from '../access/contract.ts';
import type { Log } from '../core/log.ts';
import { reasonOf } from '../core/system-error.ts';
import { accessUnavailable } from './authentication.ts';
import { addressOf } from './refusal-log.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the audit log has of it; undefined where it changes nothing. */
    audited: Audited | undefined;
  }
}

interface Audited {
  /** Undefined: Access records the change together with making it, and one that is refused has no line yet. */
  readonly line: number | undefined;
  readonly entry: AuditEntry;
}

const membersMax = 16;
const charactersMax = 200;
/** Members of bodies that the audit log has no business to know. */
const secretName = /pass|secret|token|key|current/i;

/**
 * Records each request that changes something before its handler runs, and once more where the handler refuses it. Without the line nothing is done. What Access changes it records by itself,
 * line and change in one; then the refusal alone is left to record.
 */
export function recordChanges(app: FastifyInstance, access: Pick<Access, 'record'>, log: Log): void {
  app.decorateRequest('audited', undefined);

  app.addHook('preHandler', async (request, reply) => {
    const { action, recordedBy } = request.routeOptions.config;
    if (action === undefined) return undefined;
    const entry = entryOf(request, action);
    try {
      request.audited = { line: recordedBy === 'access' ? undefined : access.record(entry), entry };
      return undefined;
    } catch (error) {
      log('error', 'access-failed', { reason: reasonOf(error) });
      return accessUnavailable(reply);
    }
  });

  app.addHook('onSend', async ({ audited }, reply, payload) => {
    if (audited === undefined || reply.statusCode < 400) return payload;
    const { entry, line } = audited;
    const asked = line === undefined ? { ...entry.details, action: entry.action } : { line };
    const details = { ...asked, status: reply.statusCode, ...problemIn(payload) };
    try {
      access.record({ ...entry, action: 'refused', details });
    } catch (error) {
      // The answer is right all the same; the line of the request stands alone.
      log('error', 'access-failed', { reason: reasonOf(error) });
    }
    return payload;
  });
}

/** Who the audit log says it was. */
export function actorOf(request: FastifyRequest): Actor {
  return { who: request.identity?.who ?? 'nobody', from: addressOf(request) };
}

function entryOf(request: FastifyRequest, action: string): AuditEntry {
  const { params, body } = request;
  const { auditedAs = detailsOf } = request.routeOptions.config;
  const parts = membersOf(params).map(([, value]) => String(value));
  return { ...actorOf(request), action, target: parts.join('/'), details: auditedAs(body) };
}

/** The plain members of a body that has passed its schema. */
function detailsOf(body: unknown): AuditEntry['details'] {
  const details: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of membersOf(body).slice(0, membersMax)) {
    if (secretName.test(name)) continue;
    if (typeof value === 'string') details[name] = value.slice(0, charactersMax);
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) details[name] = value;
  }
  return details;
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function problemIn(payload: unknown): { readonly problem?: string } {
  const [, problem] = /^\{"type":"urn:telemetry-hub:problem:([a-z-]+)"/.exec(String(payload)) ?? [];
  return problem === undefined ? {} : { problem };
}
