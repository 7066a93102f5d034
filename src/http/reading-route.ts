import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { UnitReading } from '../core/reading.ts';
import { reasonOf } from '../core/system-error.ts';
import type { UnitView } from '../core/unit.ts';
import type { Fleet } from '../server/contract.ts';
import type { Query, Store } from '../store/contract.ts';
import type { HttpLimits } from './http-limits.ts';
import { noSuchUnit } from './no-such-unit.ts';
import { writePaced } from './paced-answer.ts';
import { sendProblem, type ProblemName } from './problem.ts';
import { chunksOf } from './reading-chunks.ts';
import { acceptedFormat, readingForms, type ReadingForm } from './reading-forms.ts';
import { storeQuery, type ReadingQuery } from './reading-query.ts';
import { readingRouteSchema } from './reading-route-schema.ts';
import { securityHeaders } from './security-headers.ts';

export interface ReadingRouteOptions {
  readonly fleet: Pick<Fleet, 'unit'>;
  readonly store: Pick<Store, 'query'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: HttpLimits;
}

/** What is kept of one unit, in order of arrival. The answer goes out while the store is read, and holds a chunk of it at a time. */
export function addReadingRoute(app: FastifyInstance, { fleet, store, clock, log, limits }: ReadingRouteOptions): void {
  let open = 0;

  app.get<{ Params: { id: string }; Querystring: ReadingQuery }>(
    '/api/v1/units/:id/readings',
    { exposeHeadRoute: false, schema: readingRouteSchema },
    async ({ params, query: asked, headers }, reply) => {
      const unit = fleet.unit(params.id);
      if (unit === undefined) return noSuchUnit(reply, params.id);
      const query = storeQuery(params.id, asked);
      if (!('clientId' in query)) {
        return sendProblem(reply, 'bad-request', `${query.map(({ detail }) => detail).join('; ')}.`, { errors: query });
      }
      const format = asked.format ?? acceptedFormat(headers.accept);
      if (format === undefined) {
        const detail = 'Readings are application/json, application/x-ndjson or text/csv; Accept names none of them.';
        return sendProblem(reply, 'not-acceptable', detail);
      }
      if (open >= limits.queriesMax) {
        const detail = `${limits.queriesMax} queries are being answered; try again when one has ended.`;
        return sendProblem(reply.header('retry-after', 5), 'too-many-queries', detail);
      }
      open += 1;
      let refusal: Refusal | undefined;
      try {
        refusal = await answer({ unit, query, form: readingForms[format] }, reply);
      } finally {
        open -= 1;
      }
      return refusal === undefined ? reply : sendProblem(reply, refusal.name, refusal.detail);
    },
  );

  /** Writes the answer; what it refuses before it has begun is to be told. */
  async function answer(
    { unit, query, form }: { readonly unit: UnitView; readonly query: Query; readonly form: ReadingForm },
    reply: FastifyReply,
  ): Promise<Refusal | undefined> {
    const response = reply.raw;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const readings = await begun(store.query(query, gone.signal));
      if (readings === undefined && (await isUnknownSensor(unit, query, gone.signal))) {
        return { name: 'no-such-sensor', detail: noSuchSensor(unit, query.sensor ?? '') };
      }
      reply.hijack();
      response.writeHead(200, { ...securityHeaders, 'content-type': form.contentType, vary: 'accept' });
      await writePaced(response, chunksOf(readings ?? [], form, limits.queryChunkCharacters), {
        clock,
        stalledMsMax: limits.queryStalledMsMax,
      });
      return undefined;
    } catch (error) {
      log('error', 'query-failed', { client_id: unit.client_id, reason: reasonOf(error) });
      const detail = 'The store cannot be read; see /readyz, and the log of the server under query-failed.';
      if (!response.headersSent) return { name: 'store-unavailable', detail };
      // An answer that ends without its end is not taken for the whole.
      response.destroy();
      return undefined;
    }
  }

  /** A sensor of which nothing is kept, in no range. */
  async function isUnknownSensor(unit: UnitView, { clientId, sensor }: Query, signal: AbortSignal): Promise<boolean> {
    if (sensor === undefined || Object.hasOwn(unit.latest, sensor)) return false;
    const all = { clientId, sensor, fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
    return isEmpty(store.query(all, signal));
  }
}

interface Refusal {
  readonly name: ProblemName;
  readonly detail: string;
}

/** The readings, once the first is there: until then a failure can still be told. Undefined where there are none. */
async function begun(readings: AsyncIterable<UnitReading>): Promise<AsyncIterable<UnitReading> | undefined> {
  const iterator = readings[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return undefined;
  return (async function* () {
    try {
      yield first.value;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

async function isEmpty(readings: AsyncIterable<UnitReading>): Promise<boolean> {
  const iterator = readings[Symbol.asyncIterator]();
  const { done } = await iterator.next();
  await iterator.return?.();
  return done === true;
}

function noSuchSensor({ name, latest }: UnitView, sensor: string): string {
  const known = Object.keys(latest).toSorted().join(', ');
  return `${name} has no readings of a sensor ${sensor}${known === '' ? '' : `; it has ${known}`}.`;
}
