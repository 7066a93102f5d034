import type { FastifyInstance, RouteOptions } from 'fastify';
import fastify from 'fastify';
import { noQuerySchema, refusals } from './schemas.ts';

/** The description of the routes that are added after it, made when it is asked for the first time: hardly anybody does, and what makes it takes memory. */
export function collectOpenApi(app: FastifyInstance, version: string): () => Promise<object> {
  const routes: Pick<RouteOptions, 'method' | 'url' | 'schema'>[] = [];
  app.addHook('onRoute', ({ method, url, schema }) => {
    if (method !== 'HEAD') routes.push({ method, url, ...(schema !== undefined && { schema }) });
  });
  let description: Promise<object> | undefined;
  return () => (description ??= describe(routes, version));
}

async function describe(
  routes: readonly Pick<RouteOptions, 'method' | 'url' | 'schema'>[],
  version: string,
): Promise<object> {
  const { default: swagger } = await import('@fastify/swagger');
  const app = fastify({ exposeHeadRoutes: false });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => () => '');
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
  for (const route of routes) app.route({ ...route, handler: () => undefined });
  await app.ready();
  return app.swagger();
}

export function addOpenApiRoute(app: FastifyInstance, describeRoutes: () => Promise<object>): void {
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
    describeRoutes,
  );
}
