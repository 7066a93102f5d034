import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import type { Server, ServerOptions } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Log } from '../core/log.ts';
import type { HttpLimits } from './http-limits.ts';
import { answerBadRequest, answerError } from './refusal-handlers.ts';
import type { RefusalLog } from './refusal-log.ts';

/** A certificate, with those between it and its CA, and its key; PEM. */
export interface HttpTls {
  readonly certificate: string;
  readonly key: string;
}

export interface HttpServer {
  readonly app: FastifyInstance;
  /** For connections from now on. Throws where certificate and key do not fit; then the former ones stay. */
  readonly replaceTls: (tls: HttpTls) => void;
}

/**
 * fastify over HTTP, or over HTTPS where there is a certificate; without routes, and not listening yet. fastify makes the server: a module that imports `node:http` has all
 * of its exports read, which loads WebSocket and fetch, 8 MiB.
 */
export function buildHttpServer(
  limits: HttpLimits,
  { log, refusals, tls }: { readonly log: Log; readonly refusals: RefusalLog; readonly tls: HttpTls | undefined },
): HttpServer {
  const http: ServerOptions = {
    headersTimeout: limits.headersMsMax,
    requestTimeout: limits.requestMsMax,
    keepAliveTimeout: limits.keepAliveMsMax,
    connectionsCheckingInterval: limits.checkMs,
    maxHeaderSize: limits.headerBytesMax,
    // admission.ts answers for itself, with a problem document.
    requireHostHeader: false,
  };
  const https = tls && { ...http, ...contextOf(tls), handshakeTimeout: limits.headersMsMax };
  const app = fastify({
    http,
    ...(https !== undefined && { https }),
    requestTimeout: limits.requestMsMax,
    keepAliveTimeout: limits.keepAliveMsMax,
    bodyLimit: limits.bodyBytesMax,
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      answerBadRequest(error, socket, refusals);
    },
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply, { log, refusals }),
    // "5" is not 5, and a member that nobody knows is a mistake that somebody should hear of.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, multipleOfPrecision: 6 } },
  });
  app.server.maxConnections = limits.connectionsMax;
  app.removeContentTypeParser('text/plain');
  // Schemas of answers document them; what the fleet gives goes out as it is.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  const { server } = app;
  return { app, replaceTls: (next) => isTls(server) && server.setSecureContext(contextOf(next)) };
}

function isTls(server: Server): server is TlsServer {
  return 'setSecureContext' in server;
}

function contextOf({ certificate, key }: HttpTls): { cert: string; key: string; minVersion: 'TLSv1.3' } {
  return { cert: certificate, key, minVersion: 'TLSv1.3' };
}
