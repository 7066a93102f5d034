import type { FastifyReply } from 'fastify';
import type { OutgoingHttpHeaders } from 'node:http';

/** On every answer. But for the page itself, nothing that the server says is one, so a browser is told to load, frame and guess nothing. */
export const securityHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** On the page in place of the policy above: what it loads, and whom it asks, is this server, and nobody frames it. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // `data:` and `blob:`: charts that are saved as pictures.
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Over TLS besides (RFC 6797): a year in which a browser that trusts the certificate comes back by TLS alone. */
export const strictTransport = { 'strict-transport-security': 'max-age=31536000' } as const;

/** What an answer that goes around fastify carries all the same. */
export function headersSoFar(reply: FastifyReply): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(reply.getHeaders())) headers[name] = value;
  return headers;
}
