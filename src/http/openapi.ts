import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { noQuerySchema, refusals } from './schemas.ts';

/** Collects the schemas of all routes that are added after it. */
export async function collectOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'telemetry-hub',
        version,
        description:
          'Units, their intervals and readings, and what happens. Refusals are problem documents (RFC 9457).',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags: [
        { name: 'units' },
        { name: 'readings' },
        { name: 'events' },
        { name: 'machines' },
        { name: 'session' },
        { name: 'accounts' },
        { name: 'server' },
        { name: 'metrics' },
        { name: 'health' },
      ],
    },
  });
}

export function addOpenApiRoute(app: FastifyInstance): void {
  app.get(
    '/api/v1/openapi.json',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'This description',
        tags: ['health'],
        querystring: noQuerySchema,
        response: {
          200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
          ...refusals('unauthenticated', 'forbidden-host'),
        },
      },
    },
    async () => app.swagger(),
  );
}
