import type { FastifyInstance } from 'fastify';
import { assert } from '../core/assert.ts';
import type { AuditEntry, Scope } from '../access/contract.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a request needs to be served: `public` is nothing. Each route states it. */
    readonly scope?: 'public' | Scope;
    /** What the audit log calls it, such as `interval-set`. Each route that changes something has it. */
    readonly action?: string;
    /** What the audit log has of the body, which has passed its schema; else its plain members. */
    readonly auditedAs?: (body: unknown) => AuditEntry['details'];
    /** Access writes that line itself, in one transaction with the change. */
    readonly recordedBy?: 'access';
    /** Log in and out, which are events of the log instead, and one's own password, of which a refusal is. */
    readonly unaudited?: true;
  }
}

const scopeNumbers: Readonly<Record<Scope, number>> = { read: 1, operate: 2, admin: 3 };

/** Each scope includes those below it. */
export function includesScope(has: Scope, needed: Scope): boolean {
  return scopeNumbers[has] >= scopeNumbers[needed];
}

/** Makes a route impossible that does not say who may use it, or changes something without a word to the audit log. For all routes that are added after it. */
export function requireScopes(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    assert(config?.scope !== undefined, `the route ${[method].flat().join(', ')} ${url} states no scope`);
    const changes = [method].flat().some((one) => one !== 'GET' && one !== 'HEAD');
    assert(
      !changes || config.unaudited === true || config.action !== undefined,
      `the route ${[method].flat().join(', ')} ${url} changes something, and has no action for the audit log`,
    );
  });
}
