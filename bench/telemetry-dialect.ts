import { randomBytes } from 'node:crypto';
import { proofData } from '../src/session/proof.ts';
import type { Dialect } from './dialect.ts';

const headerBytes = 16;
const commandBytes = 5;
/** What asks for a key: a nonce of 43 characters. */
const questionForm = /^48 {14}!AUTH(.{43})$/;
/** Drawn at each start, as a client does: the numbers of another run count for nothing. */
const epoch = randomBytes(4).toString('hex');
const acknowledgement = frame('!INFO: RECEIVED');

/** Version 2 of docs/protocol.md. */
export const telemetryDialect: Dialect = {
  greeting: {
    text: (name) => {
      const time = `${new Date().toISOString().slice(0, 19)}Z`;
      return frame(`!RGTR${JSON.stringify({ name, ip: '127.0.0.1', UDP_port: 0, time, v: 2, epoch })}`);
    },
    proof: (text, { greeting, binding, key }) => {
      const [, nonce] = questionForm.exec(text) ?? [];
      if (nonce === undefined) return undefined;
      const registration = greeting.slice(headerBytes + commandBytes);
      return frame(`!AUTH${proofData(key.prove({ nonce, registration, binding }))}`);
    },
    isAnswered: (text) => {
      if (text.length < headerBytes || text.length < headerBytes + Number(text.slice(0, headerBytes))) return false;
      if (!text.includes('!SUCC')) throw new Error(`not registered: ${text}`);
      return true;
    },
  },
  request: ({ seq, timeMs: time, sensor, id, values }) =>
    frame(`!INFO${JSON.stringify({ seq, time, sensor, id, ...values })}`),
  isAnswered: (text, requests) => {
    if (text.length < acknowledgement.length * requests) return false;
    if (text !== acknowledgement.repeat(requests)) throw new Error(`not acknowledged: ${text}`);
    return true;
  },
};

function frame(body: string): string {
  return String(body.length).padEnd(headerBytes) + body;
}
