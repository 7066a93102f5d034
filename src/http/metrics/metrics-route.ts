import type { FastifyInstance } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import type { UnitView } from '../../core/unit.ts';
import type { Fleet, Health } from '../../server/contract.ts';
import type { HttpLimits } from '../http-limits.ts';
import { writePaced } from '../paced-answer.ts';
import { sendProblem } from '../problem.ts';
import { headersSoFar } from '../security-headers.ts';
import type { ServerFacts } from '../server-facts.ts';
import { storeBytesOf } from '../store-bytes.ts';
import { walkUnits } from './unit-walk.ts';
import { Exposition } from './exposition.ts';
import { metricsRouteSchema } from './metrics-route-schema.ts';
import { writeNode } from './node-samples.ts';
import { writeServer } from './server-samples.ts';
import { writeUnit } from './unit-samples.ts';

export interface MetricsRouteOptions {
  readonly fleet: Pick<Fleet, 'ids' | 'unit'>;
  readonly health: Health;
  readonly facts: ServerFacts;
  readonly clock: Clock;
  readonly version: string;
  /** How often each event was logged at level warn or error. */
  readonly troubles: () => Readonly<Record<string, number>>;
  readonly limits: Pick<HttpLimits, 'scrapesMax' | 'queryStalledMsMax'>;
}

/** `GET /metrics`: the server's figures and every unit's newest readings in Prometheus' text format. */
export function addMetricsRoute(app: FastifyInstance, options: MetricsRouteOptions): void {
  const { fleet, health, facts, clock, version, troubles, limits } = options;
  let open = 0;

  app.get<{ Querystring: { readonly names?: 'telemetry' | 'node' } }>(
    '/metrics',
    { config: { scope: 'read' }, exposeHeadRoute: false, schema: metricsRouteSchema },
    async ({ query: { names = 'telemetry' } }, reply) => {
      if (open >= limits.scrapesMax) {
        const detail = `${limits.scrapesMax} scrapes are being answered; try again when one has ended.`;
        return sendProblem(reply.header('retry-after', 5), 'too-many-queries', detail);
      }
      open += 1;
      try {
        const response = reply.raw;
        const exposition = names === 'node' ? await nodeNames(response) : await ownNames(response);
        reply.hijack();
        const contentType = 'text/plain; version=0.0.4; charset=utf-8';
        response.writeHead(200, { ...headersSoFar(reply), 'content-type': contentType });
        await writePaced(response, exposition.pieces(), { clock, stalledMsMax: limits.queryStalledMsMax });
      } finally {
        open -= 1;
      }
      return reply;
    },
  );

  async function ownNames(response: ServerResponse): Promise<Exposition> {
    const exposition = new Exposition();
    const units = { online: 0, late: 0, lost: 0, disconnected: 0 };
    const visit = (unit: UnitView): Iterable<unknown> => {
      units[unit.state] += 1;
      return writeUnit(exposition, unit, clock.wallMs());
    };
    await walkUnits({ fleet, visit, isOver: () => response.destroyed });
    writeServer(exposition, {
      version,
      units,
      health: health.ready(),
      counts: facts.counts(),
      store: facts.store,
      storeBytes: await storeBytesOf(facts),
      usage: facts.process(),
      troubles: troubles(),
    });
    return exposition;
  }

  async function nodeNames(response: ServerResponse): Promise<Exposition> {
    const exposition = new Exposition();
    const visit = (unit: UnitView): Iterable<unknown> => writeNode(exposition, unit, clock.wallMs());
    await walkUnits({ fleet, visit, isOver: () => response.destroyed });
    return exposition;
  }
}
