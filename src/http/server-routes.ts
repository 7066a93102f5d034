import type { FastifyInstance } from 'fastify';
import type { SettingView } from '../api/contract.ts';
import type { Feed } from '../server/contract.ts';
import { LastMinute } from './last-minute.ts';
import { answer, noQuerySchema, refusals } from './schemas.ts';
import { serverReport, type ServerReportOptions } from './server-report.ts';
import { serverReportSchema, settingsSchema } from './server-schemas.ts';
import { TroubleCounts } from './trouble-counts.ts';

export interface ServerRouteOptions extends Omit<ServerReportOptions, 'lastMinute' | 'troubles'> {
  readonly feed: Feed;
  readonly settings: () => readonly SettingView[];
}

export interface ServerRoutes {
  /** How often each event was logged at level warn or error. */
  readonly troubles: () => Readonly<Record<string, number>>;
  close(): void;
}

/** The server itself: its figures and its settings. `close` ends what it measures by. */
export function addServerRoutes(app: FastifyInstance, options: ServerRouteOptions): ServerRoutes {
  const { feed, facts, clock, settings } = options;
  const lastMinute = new LastMinute(facts, clock);
  const troubles = new TroubleCounts(feed);

  app.get(
    '/api/v1/server',
    {
      config: { scope: 'read' },
      schema: {
        summary: 'The server: its figures since it started, its store, its units',
        tags: ['server'],
        querystring: noQuerySchema,
        response: {
          200: answer('The server as it is now.', serverReportSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host'),
        },
      },
    },
    async () => serverReport({ ...options, lastMinute, troubles }),
  );

  app.get(
    '/api/v1/settings',
    {
      config: { scope: 'admin' },
      schema: {
        summary: 'The settings as they are in force',
        tags: ['server'],
        querystring: noQuerySchema,
        response: {
          200: answer('All settings.', settingsSchema),
          ...refusals('bad-request', 'unauthenticated', 'forbidden-host', 'forbidden-scope'),
        },
      },
    },
    async () => settings(),
  );

  return {
    troubles: () => troubles.counts(),
    close: () => {
      lastMinute.close();
      troubles.close();
    },
  };
}
