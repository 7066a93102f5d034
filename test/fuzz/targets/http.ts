import { connect } from 'node:net';
import fc from 'fast-check';
import { FakeHub, serve, unitReading, unitView, type Served } from '../../http/fake-hub.ts';
import { MemoryStore } from '../../../src/store/memory.ts';
import { hostileText } from '../../session/hostile-text.ts';
import { fakeMachines, fakeTokens } from '../fake-machines.ts';
import { judged, type Answer } from '../http-answer.ts';
import { kindOf, must, type Target } from '../target.ts';

const unit = '/api/v1/units/Yw1l0Ck3aT8mQ2vN5xR7sA';
const host = 'Host: localhost\r\n';
const json = 'Content-Type: application/json\r\n';
const paths = [
  '/livez',
  '/readyz',
  '/api/v1/units',
  unit,
  `${unit}/interval`,
  `${unit}/readings`,
  `${unit}/gaps`,
  '/api/v1/events',
  '/api/v1/openapi.json',
  '/api/v1/units/%zz',
  '/',
  '/%00',
  '//',
];
const queries = [
  'sensor=cpu_temp',
  'sensor=',
  'id=%2F',
  'from=2026-11-21T10:00:00Z',
  'to=0',
  'from=-1',
  'step=60',
  'step=1',
  'step=0.5',
  'format=csv',
  'format=json',
  'format=ndjson',
  'events=reading',
  'unit=bench-03',
  'from=NaN',
  'to=9999999999999999',
  'a=b',
  '%zz',
  '&&',
  '__proto__=x',
];
const methods = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'];
/** What a reader of one answer has read before it goes; events have no end. */
const answerBytesMax = 65_536;

let api: Served | undefined;

/** Bytes of a request, sent to the real API before a fake hub over a connection of its own: never a 500, and each refusal is a problem document. */
export const http: Target = {
  seeds: [
    `GET ${unit}/readings?sensor=cpu_temp&from=0&step=60&format=csv HTTP/1.1\r\n${host}Accept: text/csv\r\n\r\n`,
    `GET ${unit}/gaps?from=2026-11-21T10:00:00Z&to=1795255200000 HTTP/1.1\r\n${host}\r\n`,
    `PUT ${unit}/interval HTTP/1.1\r\n${host}${json}Content-Length: 13\r\n\r\n{"seconds":5}`,
    `PUT ${unit}/interval HTTP/1.1\r\n${host}${json}Transfer-Encoding: chunked\r\n\r\nd\r\n{"seconds":5}\r\n0\r\n\r\n`,
    `GET /api/v1/events?events=reading&unit=bench-03 HTTP/1.1\r\n${host}\r\n`,
    `GET /api/v1/openapi.json HTTP/1.0\r\n\r\n`,
    `POST /api/v1/nothing HTTP/1.1\r\n${host}${json}Content-Length: 2\r\n\r\n{}`,
  ],
  words: [
    ...paths,
    ...queries.map((query) => `?${query}&`),
    ...methods.map((method) => `${method} `),
    '\r\n',
    'Host: x\r\n',
    'Content-Length: 1\r\n',
    'Content-Length: -1\r\n',
    'Expect: 100-continue\r\n',
    'Upgrade: websocket\r\n',
    'Connection: upgrade\r\n',
    'Accept: */*;q=',
    'Cookie: session=',
    'Authorization: Bearer ',
    'Origin: http://x\r\n',
    '{"seconds":',
    '"__proto__":',
    '%2e%2e/',
    '%00',
    '\u0000',
    '5}',
    '1e400',
  ],
  generated: fc
    .record({
      method: fc.constantFrom(...methods),
      path: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...paths) },
        { weight: 1, arbitrary: fc.webPath() },
        { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii' }) },
      ),
      query: fc.array(
        fc.oneof(
          fc.constantFrom(...queries),
          fc.webQueryParameters(),
          fc
            .tuple(fc.constantFrom('from', 'to', 'step', 'sensor'), fc.string())
            .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`),
        ),
        { maxLength: 4 },
      ),
      headers: fc.array(
        fc.constantFrom(
          json,
          'Accept: text/csv\r\n',
          'Accept: application/x-ndjson, */*;q=0\r\n',
          'Connection: close\r\n',
          'Content-Type: text/plain\r\n',
        ),
        { maxLength: 3 },
      ),
      body: fc.oneof(
        fc.constant(''),
        fc.json(),
        hostileText.map((text) => text.slice(0, 5_000)),
        fc.double().map((seconds) => `{"seconds":${seconds}}`),
      ),
    })
    .map(({ method, path, query, headers, body }) => {
      const address = query.length === 0 ? path : `${path}?${query.join('&')}`;
      return `${method} ${address} HTTP/1.1\r\n${host}${headers.join('')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    }),
  async open() {
    api = await stand();
    const document = (await (await fetch(`${api.url}/api/v1/openapi.json`)).json()) as {
      paths: Record<string, object>;
    };
    // A request of every route that there is.
    return Object.entries(document.paths).flatMap(([path, routes]) =>
      Object.keys(routes).map((method) => {
        const address = path.replaceAll(/\{\w+\}/g, 'Yw1l0Ck3aT8mQ2vN5xR7sA');
        return `${method.toUpperCase()} ${address} HTTP/1.1\r\n${host}${json}Content-Length: 2\r\n\r\n{}`;
      }),
    );
  },
  async run(request) {
    must(api !== undefined, 'the API stands before it is asked');
    const answer = judged(await exchanged(api.port, request), request);
    const failed = api.logged.find(({ event }) => event === 'http-failed' || event === 'query-failed');
    api.logged.length = 0;
    must(failed === undefined, `no request fails in the server: ${JSON.stringify(failed)}`);
    if (answer === undefined) return 'nothing';
    seeAnswer(answer);
    return `${answer.status} ${kindOf((answer.problem?.detail ?? '').replaceAll(/\/\S*/g, '/')).slice(0, 60)}`;
  },
  async close() {
    await api?.close();
  },
};

async function stand(): Promise<Served> {
  const hub = new FakeHub(unitView());
  const store = new MemoryStore();
  await store.append({ units: [], readings: Array.from({ length: 50 }, (_, index) => unitReading(index + 1)) });
  hub.kept = store;
  hub.joined = store;
  return serve({ hub, machines: fakeMachines, tokens: fakeTokens });
}

/** Everything that comes back until the server closes, the answer is long enough, or it is a stream without end. */
function exchanged(port: number, request: Uint8Array): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.end(request));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > answerBytesMax || chunk.includes('text/event-stream')) socket.destroy();
    });
    // A reset is no answer; what came before it is judged.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}

function seeAnswer({ status, problem }: Answer): void {
  must(status < 500 || status === 503, `no request is answered with ${status}`);
  if (status < 400) return;
  must(problem !== undefined, `${status} comes with a problem document`);
  must(problem.status === status && problem.title !== '' && problem.detail !== '', 'a problem says what and where');
  must(problem.type.startsWith('urn:telemetry-hub:problem:'), 'a problem says which it is');
}
