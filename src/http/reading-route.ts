import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { reasonOf } from '../core/system-error.ts';
import type { UnitView } from '../core/unit.ts';
import type { Fleet } from '../server/contract.ts';
import type { Store } from '../store/contract.ts';
import { begun, holdsNothing, type Beginning } from './answer-beginning.ts';
import { acceptedFormat, type AnswerFormat } from './answer-form.ts';
import type { HttpLimits } from './http-limits.ts';
import { noSuchUnit } from './no-such-unit.ts';
import type { Places } from './places.ts';
import { tooManyQueries } from './too-many-queries.ts';
import { writePaced } from './paced-answer.ts';
import { headersSoFar } from './security-headers.ts';
import { sendProblem, type ProblemName } from './problem.ts';
import { readingForms } from './reading-forms.ts';
import { storeQuery, type AskedQuery, type ReadingQuery } from './reading-query.ts';
import { readingRouteSchema } from './reading-route-schema.ts';
import { stepForms } from './step-forms.ts';

export interface ReadingRouteOptions {
  readonly fleet: Pick<Fleet, 'unit'>;
  readonly store: Pick<Store, 'query' | 'steps'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: HttpLimits;
  /** For queries; shared by all who ask the store. */
  readonly places: Places;
}

/** What is kept of one unit, in order of time, or its history in steps. The answer goes out while the store is read, and holds a chunk of it at a time. */
export function addReadingRoute(
  app: FastifyInstance,
  { fleet, store, clock, log, limits, places }: ReadingRouteOptions,
): void {
  app.get<{ Params: { id: string }; Querystring: ReadingQuery }>(
    '/api/v1/units/:id/readings',
    { config: { scope: 'read' }, exposeHeadRoute: false, schema: readingRouteSchema },
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
      if (places.full) return tooManyQueries(reply, limits);
      places.take();
      let refusal: Refusal | undefined;
      try {
        refusal = await answer({ unit, query, format }, reply);
      } finally {
        places.leave();
      }
      return refusal === undefined ? reply : sendProblem(reply, refusal.name, refusal.detail);
    },
  );

  /** Writes the answer; what it refuses before it has begun is to be told. */
  async function answer(
    { unit, query, format }: { readonly unit: UnitView; readonly query: AskedQuery; readonly format: AnswerFormat },
    reply: FastifyReply,
  ): Promise<Refusal | undefined> {
    const response = reply.raw;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const { isEmpty, contentType, chunks } = await beginning(query, { unit, format, signal: gone.signal });
      if (isEmpty && (await isUnknownSensor(unit, query, gone.signal))) {
        return { name: 'no-such-sensor', detail: noSuchSensor(unit, query.sensor ?? '') };
      }
      reply.hijack();
      response.writeHead(200, { ...headersSoFar(reply), 'content-type': contentType, vary: 'accept' });
      await writePaced(response, chunks, { clock, stalledMsMax: limits.queryStalledMsMax });
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

  /** The answer, once its first item is there: until then a failure can still be told. */
  function beginning(
    { stepMs, ...query }: AskedQuery,
    { unit, format, signal }: { readonly unit: UnitView; readonly format: AnswerFormat; readonly signal: AbortSignal },
  ): Promise<Beginning> {
    const charactersMax = limits.queryChunkCharacters;
    return stepMs === undefined
      ? begun(store.query(query, signal), readingForms[format], charactersMax)
      : begun(store.steps({ ...query, stepMs }, signal), stepForms(unit)[format], charactersMax);
  }

  /** A sensor of which nothing is kept, in no range: no reading, and no step that outlived its readings. */
  async function isUnknownSensor(
    unit: UnitView,
    { clientId, sensor }: AskedQuery,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (sensor === undefined || Object.hasOwn(unit.latest, sensor)) return false;
    const all = { clientId, sensor, fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
    return (
      (await holdsNothing(store.query(all, signal))) &&
      holdsNothing(store.steps({ ...all, stepMs: limits.searchStepMs }, signal))
    );
  }
}

interface Refusal {
  readonly name: ProblemName;
  readonly detail: string;
}

function noSuchSensor({ name, latest }: UnitView, sensor: string): string {
  const known = Object.keys(latest).toSorted().join(', ');
  return `${name} has no readings of a sensor ${sensor}${known === '' ? '' : `; it has ${known}`}.`;
}
